// Conversion of values and defaults to the types of arguments.
#include "engine/dispatch/arguments.h"

#include <gtest/gtest.h>

#include "engine/dispatch/arguments_cases.h"
#include "engine/dispatch/schema_parser.h"

namespace engine {
namespace {

const Schema schema = parse_schema(
    "t::f(Tensor self, int[2] stride=1, float p=0.5, *, ScalarType? dtype=None, ScalarType kind=long, str "
    "mode=\"mean\", int[1]? dim=1, Device device=\"cpu\", complex z=2j) -> Tensor");

TEST(Arguments, DefaultsAreFilledIn) {
  const Stack stack = normalized(schema, {make_tensor(DType::f32, {2})});
  ASSERT_EQ(stack.size(), 9u);
  EXPECT_EQ(to_string(stack[1]), "[1, 1]");
  EXPECT_EQ(stack[2].real(), 0.5);
  EXPECT_TRUE(stack[3].is_none());
  EXPECT_EQ(stack[4].dtype(), DType::i64);
  EXPECT_EQ(stack[5].string(), "mean");
  EXPECT_EQ(to_string(stack[6]), "[1]");
  EXPECT_EQ(stack[7].device(), Device());
  EXPECT_EQ(stack[8].complex(), std::complex<double>(0, 2));
}

TEST(Arguments, ValuesAreConverted) {
  const Stack stack =
      normalized(schema, {make_tensor(DType::f32, {2}), 3, 2}, {{"dtype", DType::f16}, {"device", "cuda:1"}});
  EXPECT_EQ(to_string(stack[1]), "[3, 3]");
  EXPECT_EQ(stack[2].tag(), ValueTag::real);
  EXPECT_EQ(stack[3].dtype(), DType::f16);
  EXPECT_EQ(stack[7].device(), Device(DeviceType::cuda, 1));
}

TEST(Arguments, WrongTypesAreRefused) {
  EXPECT_FALSE(fitted(3, Type{TypeKind::tensor}));
  EXPECT_FALSE(fitted(2.5, Type{TypeKind::integer}));
  EXPECT_FALSE(fitted("nowhere", Type{TypeKind::device}));
  EXPECT_FALSE(fitted(1, Type{TypeKind::list, {Type{TypeKind::integer}}}));
  EXPECT_FALSE(fitted(Value(), Type{TypeKind::integer}));
  EXPECT_TRUE(fitted(Value(), Type{TypeKind::optional, {Type{TypeKind::integer}}}));
}

}  // namespace
}  // namespace engine
