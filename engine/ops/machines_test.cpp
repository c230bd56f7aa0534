// Operators on each machine against the CPU; on a GPU if there is one.
#include <gmock/gmock.h>

#include <cmath>
#include <vector>

#include "engine/backends/copy.h"
#include "engine/backends/cuda/gpu.h"
#include "engine/core/error.h"
#include "engine/operator_cases.h"

namespace engine::ops {
namespace {

TEST(WithoutGpu, ErrorReportsWhatIsMissing) {
  if (cuda::missing().empty()) GTEST_SKIP() << "there is a GPU";
  try {
    machine_of(DeviceType::cuda);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_implemented);
    EXPECT_EQ(error.what(), cuda::missing());
  }
}

class Machines : public testing::TestWithParam<DeviceType> {
 protected:
  void SetUp() override {
    if (GetParam() == DeviceType::cuda && !cuda::missing().empty()) GTEST_SKIP() << cuda::missing();
  }

  static Tensor on(Device device, const Tensor& from) {
    const Tensor made = make_tensor(from.dtype(), from.sizes(), device);
    copy_elements(made, from);
    return made;
  }
  // The largest difference to the CPU's result, relative where elements are above 1.
  double difference(std::string_view op, const std::vector<Value>& arguments) {
    std::vector<Value> there = arguments;
    for (Value& value : there)
      if (value.is_tensor()) value = on(GetParam(), value.tensor());
    const Tensor result = ops_(op, there);
    EXPECT_EQ(result.device(), Device(GetParam()));
    const std::vector<double> right = values_of(on(DeviceType::cpu, result)),
                              left = values_of(ops_(op, arguments));
    EXPECT_EQ(left.size(), right.size());
    double largest = 0;
    for (size_t i = 0; i < left.size(); ++i)
      largest = std::fmax(largest, std::fabs(left[i] - right[i]) / std::fmax(1, std::fabs(left[i])));
    return largest;
  }

  static Tensor numbers(DType dtype, IntSpan sizes) {
    std::vector<double> values;
    for (int64_t i = 0; i < element_count(sizes); ++i)
      values.push_back(static_cast<double>((i * 37) % 101 - 50) / 8);
    return tensor_of(dtype, sizes, values);
  }

  Operators ops_;
};

TEST_P(Machines, PointwiseResultsMatchTheCpu) {
  for (const DType dtype : computed_dtypes) {
    const Tensor a = numbers(dtype, {7, 1, 5}), b = numbers(dtype, {3, 5});
    EXPECT_EQ(difference("aten::add.Tensor", {a, b}), 0) << name_of(dtype);
    EXPECT_EQ(difference("aten::eq.Tensor", {a, b}), 0) << name_of(dtype);
    EXPECT_EQ(difference("aten::mul.Scalar", {a, 3}), 0) << name_of(dtype);
  }
  EXPECT_LT(difference("aten::exp", {numbers(DType::f64, {300})}), 1e-15);
}

TEST_P(Machines, DTypeWithoutKernelsIsRefused) {
  if (GetParam() != DeviceType::host_cuda) GTEST_SKIP() << "its memory is not the host's";
  const Tensor to = make_tensor(DType::u16, {2}, GetParam());
  try {
    fill_elements(to, 1);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::not_implemented);
  }
}

TEST_P(Machines, FoldsOfAnyLengthMatchTheCpu) {
  for (const int64_t length : {1, 2, 31, 33, 127, 129, 1000}) {
    EXPECT_LT(difference("aten::sum", {numbers(DType::f64, {length})}), 1e-13) << length;
    EXPECT_EQ(difference("aten::sum", {numbers(DType::i32, {length})}), 0) << length;
    EXPECT_EQ(difference("aten::argmax", {numbers(DType::f32, {length})}), 0) << length;
    EXPECT_LT(difference("aten::_softmax", {numbers(DType::f64, {2, length}), 1, false}), 1e-14) << length;
  }
}

TEST_P(Machines, ProductsOfWholeAndPartialTilesMatchTheCpu) {
  for (const int64_t m : {1, 4, 5, 16, 33})
    for (const int64_t k : {1, 8, 17})
      for (const int64_t n : {3, 16, 20}) {
        EXPECT_EQ(difference("aten::mm", {numbers(DType::i64, {m, k}), numbers(DType::i64, {k, n})}), 0);
        EXPECT_LT(difference("aten::mm", {numbers(DType::f64, {m, k}), numbers(DType::f64, {k, n})}), 1e-13);
      }
}

TEST_P(Machines, GatherAndItemMatchTheCpu) {
  const Tensor index = tensor_of(DType::i64, {3}, {2, 0, 2});
  EXPECT_EQ(difference("aten::index_select", {numbers(DType::f16, {3, 4}), 0, index}), 0);
  EXPECT_EQ(difference("aten::index_select", {numbers(DType::c128, {4, 3}), 1, index}), 0);
  const Tensor one = on(GetParam(), tensor_of(DType::i32, {}, {7}));
  EXPECT_EQ(ops_.all("aten::_local_scalar_dense", {one}).back().integer(), 7);
}

INSTANTIATE_TEST_SUITE_P(HostCuda, Machines, testing::Values(DeviceType::host_cuda));
INSTANTIATE_TEST_SUITE_P(Gpu, Machines, testing::Values(DeviceType::cuda));

}  // namespace
}  // namespace engine::ops
