// Directions of square matrices.
#include "oracles/gradients/symmetry.h"

#include <gtest/gtest.h>

namespace oracles {
namespace {

corpora::Case of_matrices(engine::DType dtype, engine::Dims sizes, engine::Dims strides, int64_t elements) {
  corpora::Case c;
  c.storages.resize(1);
  c.storages[0].dtype = dtype;
  c.storages[0].elements = elements;
  c.inputs.resize(1);
  c.inputs[0].sizes = std::move(sizes);
  c.inputs[0].strides = std::move(strides);
  return c;
}

TEST(Symmetry, OnlySquareMatricesInMemoryOfTheirOwnMayBeSymmetric) {
  using engine::DType;
  EXPECT_TRUE(has_square_matrices(of_matrices(DType::f32, {3, 2, 2}, {4, 2, 1}, 12), 0));
  EXPECT_FALSE(has_square_matrices(of_matrices(DType::f32, {2, 3}, {3, 1}, 6), 0));
  EXPECT_FALSE(has_square_matrices(of_matrices(DType::f32, {1, 1}, {1, 1}, 1), 0));
  EXPECT_TRUE(has_square_matrices(of_matrices(DType::c64, {1, 1}, {1, 1}, 1), 0));
  corpora::Case shared = of_matrices(DType::f32, {2, 2}, {2, 1}, 4);
  shared.inputs.push_back(shared.inputs[0]);
  EXPECT_FALSE(has_square_matrices(shared, 0));
}

TEST(Symmetry, LowerTriangleIsMirroredAcrossStrides) {
  const corpora::Case c = of_matrices(engine::DType::f64, {2, 2}, {1, 3}, 5);
  Point direction{{1, 2, 0, 3, 4}};  // (0,0) (1,0) - (0,1) (1,1)
  symmetrise(c, 0, direction);
  EXPECT_EQ(direction, (Point{{1, 2, 0, 2, 4}}));
}

TEST(Symmetry, ComplexMatricesBecomeHermitian) {
  const corpora::Case c = of_matrices(engine::DType::c128, {2, 2}, {2, 1}, 4);
  Point direction{{1, 2, 3, 4, 5, 6, 7, 8}};
  symmetrise(c, 0, direction);
  EXPECT_EQ(direction, (Point{{1, 0, 5, -6, 5, 6, 7, 0}}));
}

TEST(Symmetry, TriangleHasNoDiagonalButItsImaginaryParts) {
  Point real{{1, 2, 3, 4}};
  keep_triangle(of_matrices(engine::DType::f64, {2, 2}, {2, 1}, 4), 0, Triangle::upper, real);
  EXPECT_EQ(real, (Point{{0, 2, 0, 0}}));
  Point complex{{1, 2, 3, 4, 5, 6, 7, 8}};
  keep_triangle(of_matrices(engine::DType::c128, {2, 2}, {2, 1}, 4), 0, Triangle::lower, complex);
  EXPECT_EQ(complex, (Point{{0, 2, 0, 0, 5, 6, 0, 8}}));
}

}  // namespace
}  // namespace oracles
