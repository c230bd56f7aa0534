#include "engine/ops/masks.h"

#include <gmock/gmock.h>

#include <array>
#include <cmath>
#include <cstring>
#include <optional>

#include "engine/operator_cases.h"
#include "engine/ops/needs_data.h"

namespace engine::ops {
namespace {

using Numbers = std::vector<double>;
using testing::HasSubstr;

struct Masks : testing::Test {
  Operators ops;
  const Tensor rows = tensor_of(DType::f32, {3, 2}, {1, 2, 3, 4, 5, 6});
  const Tensor first_and_last = tensor_of(DType::b8, {3}, {1, 0, 1});

  Tensor index(std::vector<std::optional<Tensor>> list) { return ops("aten::index.Tensor", {rows, list}); }
};

TEST_F(Masks, NonzeroGivesPositionsColumnByColumn) {
  const Tensor found = ops("aten::nonzero", {tensor_of(DType::f32, {2, 2}, {0, 7, NAN, 0})});
  EXPECT_EQ(found.dtype(), DType::i64);
  EXPECT_EQ(found.sizes(), IntSpan({2, 2}));
  EXPECT_EQ(found.strides(), IntSpan({1, 2}));
  EXPECT_EQ(values_of(found), (Numbers{0, 1, 1, 0}));
}

TEST_F(Masks, NonzeroOfANumberHasNoColumns) {
  EXPECT_EQ(ops("aten::nonzero", {tensor_of(DType::i32, {}, {5})}).sizes(), IntSpan({1, 0}));
  EXPECT_EQ(ops("aten::nonzero", {tensor_of(DType::i32, {}, {0})}).sizes(), IntSpan({0, 0}));
  EXPECT_EQ(ops("aten::nonzero", {tensor_of(DType::f32, {0, 3}, {})}).sizes(), IntSpan({0, 2}));
}

TEST_F(Masks, ComplexNumberWithOneZeroPartIsNotZero) {
  const Tensor numbers = make_tensor(DType::c64, {3});
  const std::array<float, 6> parts{0, 0, 0, 1, -0.0F, 0};
  std::memcpy(numbers.data<std::byte>(), parts.data(), sizeof parts);
  EXPECT_EQ(values_of(ops("aten::nonzero", {numbers})), (Numbers{1}));
}

TEST_F(Masks, MaskedSelectBroadcastsBothAndReadsInRowMajorOrder) {
  const Tensor column = tensor_of(DType::f32, {2, 1}, {1, 2}), mask = tensor_of(DType::b8, {3}, {1, 0, 1});
  EXPECT_EQ(values_of(ops("aten::masked_select", {column, mask})), (Numbers{1, 1, 2, 2}));
  EXPECT_EQ(values_of(ops("aten::masked_select", {ops("aten::t", {rows}), first_and_last})),
            (Numbers{1, 5, 2, 6}));
}

TEST_F(Masks, OutOfAnotherDTypeIsRefusedBeforeItChanges) {
  const Tensor out = tensor_of(DType::f64, {1}, {9});
  EXPECT_THROW(ops("aten::masked_select.out", {rows, tensor_of(DType::b8, {}, {1})}, {{"out", out}}), Error);
  EXPECT_THROW(ops("aten::nonzero.out", {rows}, {{"out", out}}), Error);
  EXPECT_EQ(values_of(out), (Numbers{9}));
}

TEST_F(Masks, MaskedSelectTakesBoolsOnly) {
  EXPECT_THROW(ops("aten::masked_select", {rows, tensor_of(DType::u8, {2}, {1, 0})}), Error);
}

TEST_F(Masks, IndexTakesMasksOfOneOrMoreDimensions) {
  EXPECT_EQ(values_of(index({first_and_last})), (Numbers{1, 2, 5, 6}));
  EXPECT_EQ(values_of(index({std::nullopt, tensor_of(DType::b8, {2}, {0, 1})})), (Numbers{2, 4, 6}));
  EXPECT_EQ(values_of(index({tensor_of(DType::b8, {3, 2}, {1, 0, 0, 1, 1, 0})})), (Numbers{1, 4, 5}));
  EXPECT_EQ(values_of(index({tensor_of(DType::u8, {3}, {0, 2, 0})})), (Numbers{3, 4}));
}

TEST_F(Masks, IndexBroadcastsWhatAMaskChoosesWithOtherIndices) {
  EXPECT_EQ(values_of(index({first_and_last, tensor_of(DType::i64, {1}, {-1})})), (Numbers{2, 6}));
  EXPECT_EQ(values_of(index({first_and_last, tensor_of(DType::i64, {2}, {0, 1})})), (Numbers{1, 6}));
  EXPECT_THROW(index({first_and_last, tensor_of(DType::i64, {3}, {0, 1, 0})}), Error);
}

TEST_F(Masks, MaskThatDoesNotFitIsAnIndexError) {
  try {
    index({tensor_of(DType::b8, {2}, {1, 0})});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::index);
    EXPECT_THAT(error.what(), HasSubstr("mask [2] at index 0 does not match"));
  }
  EXPECT_THROW(index({std::nullopt, tensor_of(DType::b8, {2, 2}, {1, 0, 0, 0})}), Error);
}

TEST_F(Masks, MetaTensorsRaiseAnErrorWithTheOperator) {
  const auto refused = [&](const std::string& op, std::vector<Value> arguments) {
    try {
      ops(op, std::move(arguments));
    } catch (const NeedsData& error) {
      return error.op();
    }
    return std::string();
  };
  const Tensor mask = make_tensor(DType::b8, {3}, DeviceType::meta);
  const Tensor self = make_tensor(DType::f32, {3}, DeviceType::meta);
  EXPECT_EQ(refused("aten::nonzero", {mask}), "aten::nonzero");
  EXPECT_EQ(refused("aten::masked_select", {self, mask}), "aten::masked_select");
  EXPECT_EQ(refused("aten::index.Tensor", {self, std::vector<std::optional<Tensor>>{mask}}),
            "aten::index.Tensor");
}

}  // namespace
}  // namespace engine::ops
