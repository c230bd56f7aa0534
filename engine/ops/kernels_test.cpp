// Kernels against plain loops, for all dtypes, on tensors that are not contiguous and not whole blocks.
#include "engine/operator_cases.h"

namespace engine::ops {

namespace {

// Small integers, which every dtype but bool holds and sums exactly, in every third row and second column of
// a larger tensor, transposed.
Tensor strided_integers(DType dtype, int64_t rows, int64_t columns, int shift) {
  const int64_t height = 3 * rows, width = 2 * columns;
  std::vector<double> values;
  for (int64_t i = 0; i < height * width; ++i) values.push_back(static_cast<double>((i * 7 + shift) % 5));
  const Tensor base = tensor_of(dtype, {height, width}, values);
  return base.view({columns, rows}, {2, 3 * width}, 1);
}

TEST(Kernels, AddAndMulOfAnyTwoDtypes) {
  Operators ops;
  for (const DType a_dtype : computed_dtypes)
    for (const DType b_dtype : computed_dtypes) {
      const Tensor a = strided_integers(a_dtype, 300, 2, 1), b = strided_integers(b_dtype, 300, 2, 3);
      const std::vector<double> x = values_of(a), y = values_of(b);
      const std::vector<double> sums = values_of(ops("aten::add.Tensor", {a, b}));
      const std::vector<double> products = values_of(ops("aten::mul.Tensor", {a, b}));
      const bool bools = a_dtype == DType::b8 && b_dtype == DType::b8;
      for (size_t i = 0; i < x.size(); ++i) {
        ASSERT_EQ(sums[i], bools ? std::min(x[i] + y[i], 1.0) : x[i] + y[i])
            << name_of(a_dtype) << name_of(b_dtype);
        ASSERT_EQ(products[i], x[i] * y[i]) << name_of(a_dtype) << name_of(b_dtype);
      }
    }
}

TEST(Kernels, SumAndMatrixProductOfAnyDtype) {
  Operators ops;
  for (const DType dtype : computed_dtypes) {
    const Tensor a = strided_integers(dtype, 9, 7, 2);
    const std::vector<double> x = values_of(a);
    const std::vector<double> sums = values_of(ops("aten::sum.dim_IntList", {a, Dims{1}}));
    double product00 = 0;
    for (size_t c = 0; c < 7; ++c) {
      double sum = 0;
      for (size_t r = 0; r < 9; ++r) sum += x[c * 9 + r];
      EXPECT_EQ(sums[c], sum) << name_of(dtype);
    }
    if (dtype == DType::b8) continue;
    for (size_t r = 0; r < 9; ++r) product00 += x[r] * x[r];
    const Tensor square = ops("aten::mm", {a, ops("aten::t", {a})});
    EXPECT_EQ(values_of(square)[0], product00) << name_of(dtype);
  }
}

// Of every operator of one tensor; views share memory and take any dtype.
TEST(Kernels, DTypesThatAreOnlyStoredAreRefused) {
  Operators ops;
  int refused = 0;
  for (const OperatorDeclaration* declared : all_declarations()) {
    const std::string& schema = declared->functional;
    if (declared->kind != OperatorKind::structured || schema.find("(Tensor self) ->") == schema.npos)
      continue;
    for (const DType dtype : {DType::u16, DType::u64, DType::f8e4m3fn, DType::c32}) {
      const Tensor self = make_tensor(dtype, {2});
      try {
        ops(schema.substr(0, schema.find('(')), {self});
        ADD_FAILURE() << schema << " takes " << name_of(dtype);
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::not_implemented) << schema;
        ++refused;
      }
    }
  }
  EXPECT_GE(refused, 4 * 20);
  const Tensor wide = tensor_of(DType::u64, {2}, {1, 2}), half = tensor_of(DType::f16, {2}, {1, 2});
  EXPECT_THROW(ops("aten::add.Tensor", {half, wide}), Error);
  EXPECT_THROW(ops("aten::copy_", {half, wide}), Error);
  EXPECT_THROW(ops("aten::mm", {wide.view({1, 2}, {2, 1}, 0), wide.view({2, 1}, {1, 1}, 0)}), Error);
  EXPECT_THROW(ops("aten::neg.out", {half}, {{"out", make_tensor(DType::c32, {2})}}), Error);
  EXPECT_THROW(ops.all("aten::item", {wide.view({}, {}, 1)}), Error);
  EXPECT_EQ(values_of(ops("aten::t", {wide})), (std::vector<double>{1, 2}));
}

TEST(Kernels, IntegersWrapAndRealsAreTruncated) {
  Operators ops;
  const Tensor bytes = tensor_of(DType::u8, {2}, {200, 100});
  EXPECT_EQ(values_of(ops("aten::add.Tensor", {bytes, bytes})), (std::vector<double>{144, 200}));
  const Tensor reals = tensor_of(DType::f64, {3}, {-1.9, 300.7, 1e30});
  const Tensor cast = ops("aten::_to_copy", {reals}, {{"dtype", DType::i64}});
  EXPECT_EQ(values_of(cast), (std::vector<double>{-1, 300, -0x1p63}));
}

TEST(Kernels, LayoutDoesNotChangeResults) {
  Operators ops;
  std::vector<double> values;
  for (int i = 0; i < 600; ++i) values.push_back(1.0 / (i + 1));
  const Tensor a = tensor_of(DType::f32, {20, 30}, values);
  const Tensor t = ops("aten::clone", {ops("aten::t", {a})}, {{"memory_format", MemoryFormat::contiguous}});
  const Tensor back = ops("aten::t", {t});
  for (const char* name : {"aten::sum", "aten::exp", "aten::mean"})
    EXPECT_EQ(values_of(ops(name, {a})), values_of(ops(name, {back}))) << name;
  EXPECT_EQ(values_of(ops("aten::mm", {a, t})), values_of(ops("aten::mm", {back, t})));
}

TEST(Kernels, PointwiseResultHasTheMemoryOrderOfItsOperands) {
  Operators ops;
  const Tensor t = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6}).view({3, 2}, {1, 3}, 0);
  EXPECT_EQ(ops("aten::neg", {t}).strides(), IntSpan({1, 3}));
  EXPECT_EQ(ops("aten::add.Tensor", {t, tensor_of(DType::f32, {2}, {1, 1})}).strides(), IntSpan({1, 3}));
}

}  // namespace

}  // namespace engine::ops
