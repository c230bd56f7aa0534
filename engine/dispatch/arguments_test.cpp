// Positional and keyword arguments, defaults, refusals.
#include "engine/dispatch/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/error.h"
#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/dispatch/schema_parser.h"

namespace engine {
namespace {

using testing::HasSubstr;

const Schema schema = parse_schema(
    "t::f(Tensor self, int[2] stride=1, float p=0.5, *, ScalarType? dtype=None, ScalarType kind=long, str "
    "mode=\"mean\", int[1]? dim=1, Device device=\"cpu\", complex z=2j) -> Tensor");

TEST(Arguments, DefaultsAreFilledIn) {
  const Stack stack = normalized(schema, {on(DeviceType::cpu)});
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
      normalized(schema, {on(DeviceType::cpu), 3, 2}, {{"dtype", DType::f16}, {"device", "cuda:1"}});
  EXPECT_EQ(to_string(stack[1]), "[3, 3]");
  EXPECT_EQ(stack[2].tag(), ValueTag::real);
  EXPECT_EQ(stack[3].dtype(), DType::f16);
  EXPECT_EQ(stack[7].device(), Device(DeviceType::cuda, 1));
}

TEST(Arguments, INV_30_TrailingArgumentsMayBeKeywords) {
  const Tensor x = on(DeviceType::cpu);
  const std::vector<Value> all{x, std::vector<int64_t>{2, 3}, 0.25};
  const Stack expected = normalized(schema, all);
  for (size_t positional = 0; positional <= all.size(); ++positional) {
    KeywordArguments keywords;
    for (size_t i = all.size(); i-- > positional;) keywords.emplace_back(schema.arguments[i].name, all[i]);
    const Stack stack = normalized(
        schema, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(positional)}, std::move(keywords));
    ASSERT_EQ(stack.size(), expected.size());
    for (size_t i = 0; i < stack.size(); ++i) EXPECT_EQ(to_string(stack[i]), to_string(expected[i]));
    EXPECT_TRUE(stack[0].tensor().is_same(x));
  }
}

TEST(Arguments, WrongArgumentsAreRefused) {
  const Tensor x = on(DeviceType::cpu);
  const auto refusal = [&](std::vector<Value> positional, KeywordArguments keywords) {
    return error_of([&] { (void)normalized(schema, std::move(positional), std::move(keywords)); });
  };
  EXPECT_THAT(refusal({x, 1, 2.0, 3}, {}), HasSubstr("takes at most 3 positional arguments, not 4"));
  EXPECT_THAT(refusal({}, {}), HasSubstr("argument 'self' at position 0 is missing"));
  EXPECT_THAT(refusal({3}, {}), HasSubstr("argument 'self' at position 0 must be Tensor, and is 3"));
  EXPECT_THAT(refusal({x}, {{"q", 1}}), HasSubstr("unknown or repeated keyword 'q'"));
  EXPECT_THAT(refusal({x}, {{"p", 1}, {"p", 2}}), HasSubstr("unknown or repeated keyword 'p'"));
  EXPECT_THAT(refusal({x}, {{"self", x}}), HasSubstr("unknown or repeated keyword 'self'"));
  EXPECT_THAT(refusal({x}, {{"device", "nowhere"}}), HasSubstr("must be Device"));
}

}  // namespace
}  // namespace engine
