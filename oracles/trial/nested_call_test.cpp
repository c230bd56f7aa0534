#include "oracles/trial/nested_call.h"

#include <gtest/gtest.h>

#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

corpora::Operator operator_of(std::string_view schema) {
  corpora::Operator op;
  op.schema = engine::parse_schema(schema);
  op.name = op.schema.qualified();
  return op;
}

Result plain(corpora::Value value) {
  Result result;
  result.plain = std::move(value);
  return result;
}

TEST(NestedCall, ViewsOfOneStorageStayViewsOfOneStorage) {
  const corpora::Operator op = operator_of("aten::f(Tensor a, Tensor[] b, int n) -> Tensor");
  TensorSnapshot first = f32_tensor({2}, {1, 2}, 7), second = f32_tensor({2}, {2, 3}, 7);
  second.offset = 1;
  Result list;
  list.kind = Result::Kind::list;
  list.list = {result_of(second)};
  TraceEntry call{"aten::f", 0, 1};
  call.arguments = {result_of(first), list, plain(corpora::Value::of_integer(4))};
  const auto c = case_of_call(call, op);
  ASSERT_TRUE(c);
  ASSERT_EQ(c->storages.size(), 1U);
  EXPECT_EQ(c->storages[0].bytes, bytes_of<float>({1, 2, 3}));
  EXPECT_EQ(c->inputs[1].offset, 1);
  EXPECT_EQ(c->calls[0].arguments[1].list[0], corpora::Value::of_input(1));
  EXPECT_EQ(c->calls[0].arguments[2], corpora::Value::of_integer(4));
}

TEST(NestedCall, WhatCannotBeReadCannotBeJudged) {
  const corpora::Operator op = operator_of("aten::f(Tensor a) -> Tensor");
  TensorSnapshot opaque = f32_tensor({2}, {1, 2});
  opaque.opaque = true;
  TraceEntry call{"aten::f", 0, 1};
  call.arguments = {result_of(opaque)};
  EXPECT_FALSE(case_of_call(call, op));
}

// A case has one dtype for each storage.
TEST(NestedCall, MemoryThatIsSeenAsTwoDTypesCannotBeJudged) {
  const corpora::Operator op = operator_of("aten::f(Tensor a, Tensor b) -> Tensor");
  const TensorSnapshot floats = f32_tensor({2}, {1, 2}, 7);
  TensorSnapshot integers = floats;
  integers.dtype = engine::DType::i32;
  TraceEntry call{"aten::f", 0, 1};
  call.arguments = {result_of(floats), result_of(floats)};
  EXPECT_TRUE(case_of_call(call, op));
  call.arguments[1] = result_of(integers);
  EXPECT_FALSE(case_of_call(call, op));
}

}  // namespace
}  // namespace oracles
