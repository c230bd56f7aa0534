#include "engine/ops/promotion.h"

#include <gtest/gtest.h>

#include <iterator>

namespace engine::ops {

namespace {

using enum DType;

// The common dtype of two tensors with dimensions. Every pair of dtypes: TorchPromotion, against the
// reference.
constexpr DType dtypes[] = {b8, u8, i8, i16, i32, i64, f16, bf16, f32, f64, c64, c128};
constexpr DType table[std::size(dtypes)][std::size(dtypes)] = {
    {b8, u8, i8, i16, i32, i64, f16, bf16, f32, f64, c64, c128},
    {u8, u8, i16, i16, i32, i64, f16, bf16, f32, f64, c64, c128},
    {i8, i16, i8, i16, i32, i64, f16, bf16, f32, f64, c64, c128},
    {i16, i16, i16, i16, i32, i64, f16, bf16, f32, f64, c64, c128},
    {i32, i32, i32, i32, i32, i64, f16, bf16, f32, f64, c64, c128},
    {i64, i64, i64, i64, i64, i64, f16, bf16, f32, f64, c64, c128},
    {f16, f16, f16, f16, f16, f16, f16, f32, f32, f64, c64, c128},
    {bf16, bf16, bf16, bf16, bf16, bf16, f32, bf16, f32, f64, c64, c128},
    {f32, f32, f32, f32, f32, f32, f32, f32, f32, f64, c64, c128},
    {f64, f64, f64, f64, f64, f64, f64, f64, f64, f64, c128, c128},
    {c64, c64, c64, c64, c64, c64, c64, c64, c64, c128, c64, c128},
    {c128, c128, c128, c128, c128, c128, c128, c128, c128, c128, c128, c128}};

TEST(Promotion, CommonDtypeOfTwoTensorsFollowsTheTable) {
  for (size_t a = 0; a < std::size(dtypes); ++a)
    for (size_t b = 0; b < std::size(dtypes); ++b)
      EXPECT_EQ(promoted(dtypes[a], dtypes[b]), table[a][b])
          << name_of(dtypes[a]) << " " << name_of(dtypes[b]);
}

Tensor vector_of(DType dtype) { return make_tensor(dtype, {2}); }
Tensor single(DType dtype) { return make_tensor(dtype, {}); }

TEST(Promotion, ZeroDimTensorOrNumberDecidesOnlyWithAHigherCategory) {
  EXPECT_EQ(Promotion().add(vector_of(f16)).add(single(f64)).result(), f16);
  EXPECT_EQ(Promotion().add(vector_of(i8)).add(single(i64)).result(), i8);
  EXPECT_EQ(Promotion().add(vector_of(i8)).add(single(f64)).result(), f64);
  EXPECT_EQ(Promotion().add(vector_of(b8)).add(Scalar(3)).result(), i64);
  EXPECT_EQ(Promotion().add(vector_of(u8)).add(Scalar(300)).result(), u8);
  EXPECT_EQ(Promotion().add(vector_of(i64)).add(Scalar(0.5)).result(), f32);
  EXPECT_EQ(Promotion().add(vector_of(f32)).add(single(c128)).result(), c64);
  EXPECT_EQ(Promotion().add(vector_of(f64)).add(Scalar(std::complex<double>(0, 1))).result(), c128);
  EXPECT_EQ(Promotion().add(single(f64)).add(Scalar(0.5)).result(), f64);
}

TEST(Promotion, CastToALowerCategoryIsNotAllowed) {
  EXPECT_TRUE(can_cast(f64, f16));
  EXPECT_TRUE(can_cast(b8, u8));
  EXPECT_FALSE(can_cast(u8, b8));
  EXPECT_FALSE(can_cast(f16, i64));
  EXPECT_FALSE(can_cast(c64, f64));
}

}  // namespace

}  // namespace engine::ops
