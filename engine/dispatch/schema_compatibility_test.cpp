// Which changes of a schema are backward compatible.
#include "engine/dispatch/schema_compatibility.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "engine/dispatch/schema_parser.h"

namespace engine {
namespace {

std::string incompatibility(const char* newer, const char* older) {
  return incompatibility(parse_schema(newer), parse_schema(older));
}

struct Change {
  const char* older;
  const char* newer;
  const char* reason;  // empty: compatible
};

class SchemaChange : public testing::TestWithParam<Change> {};

TEST_P(SchemaChange, IsCompatibleOrHasAReason) {
  EXPECT_EQ(incompatibility(GetParam().newer, GetParam().older), GetParam().reason);
}

INSTANTIATE_TEST_SUITE_P(
    All, SchemaChange,
    testing::Values(
        Change{"f(Tensor x) -> Tensor", "f(Tensor x, int y=1) -> Tensor", ""},
        Change{"f(Tensor x) -> Tensor", "f(Tensor x, int y) -> Tensor",
               "argument 'y' is new and has no default"},
        Change{"f(Tensor x, int y=1) -> Tensor", "f(Tensor x) -> Tensor",
               "there are fewer arguments, or different out= arguments"},
        Change{"f(Tensor x, int y=1) -> Tensor", "f(Tensor x, int y=2) -> Tensor",
               "argument 'y' had a different default"},
        Change{"f(Tensor x, int y) -> Tensor", "f(Tensor x, int y=2) -> Tensor", ""},
        Change{"f(Tensor x) -> Tensor", "f(Tensor? x) -> Tensor", ""},
        Change{"f(Tensor? x) -> Tensor", "f(Tensor x) -> Tensor",
               "argument 'x': Tensor? is not always Tensor"},
        Change{"f(int x) -> Tensor?", "f(Scalar x) -> Tensor", ""},
        Change{"f() -> Tensor", "f() -> Tensor?", "result 0: Tensor? is not always Tensor"},
        Change{"f() -> Tensor", "f() -> (Tensor, Tensor)", "there were 1 results"},
        Change{"f(Tensor x) -> ()", "f(Tensor y) -> ()", "argument 'y' was named 'x'"},
        Change{"f(Tensor x) -> ()", "f(Tensor(a!) x) -> ()", "argument 'x' had a different annotation"},
        Change{"f(int x) -> ()", "f(*, int x) -> ()", "argument 'x' could be given by position"},
        Change{"f(*, int x) -> ()", "f(int x) -> ()", ""},
        Change{"f(int[2] x) -> ()", "f(int[] x) -> ()", "argument 'x': int[2] is not always int[]"},
        Change{"f(int[] x) -> ()", "f(int[2] x) -> ()", ""},
        Change{"f() -> ()", "g() -> ()", "the operator was f"},
        Change{"f() -> ()", "f(...) -> ()", "'...' was added or removed"},
        Change{"f(Tensor x, *, Tensor(a!) out) -> Tensor(a!)",
               "f(Tensor x, int y=1, *, Tensor(a!) out) -> Tensor(a!)", ""},
        Change{"f(Tensor x, *, Tensor(a!) out) -> Tensor(a!)", "f(Tensor x, *, int y=1) -> Tensor(a!)",
               "there are fewer arguments, or different out= arguments"}));

Type type_of(const char* text) {
  return parse_schema(std::string("f(") + text + " x) -> ()").arguments[0].type;
}

size_t below(size_t n) { return *rc::gen::inRange<size_t>(0, n); }

constexpr std::array types{"Tensor",      "Tensor?",        "int", "Scalar", "Scalar?",  "int[]",
                           "int[2]",      "int?",           "any", "bool",   "(int, t)", "float",
                           "(Scalar, t)", "Union(int, str)"};

Type any_type() { return type_of(types[below(types.size())]); }

// A schema of f with arguments x0, x1 ..., with or without defaults, and out= arguments.
Schema any_schema(size_t out_count) {
  Schema schema{.name = "f", .returns = {{.type = any_type()}}};
  bool keyword_only = false;
  for (size_t i = 0, count = below(4); i < count; ++i) {
    keyword_only |= below(4) == 0;
    Argument argument{.name = "x" + std::to_string(i), .type = any_type(), .keyword_only = keyword_only};
    if (below(2) == 0) {
      argument.type = type_of("Tensor?");
      argument.default_value.emplace();  // None
    }
    schema.arguments.push_back(argument);
  }
  const Schema outs = parse_schema("f(*, Tensor(a!) out0, Tensor(b!) out1) -> ()");
  for (size_t i = 0; i < out_count; ++i) schema.arguments.push_back(outs.arguments[i]);
  return schema;
}

// The schema after changes that are often compatible, so that chains of compatible schemas occur.
Schema successor(Schema schema) {
  for (Argument& argument : schema.arguments) {
    if (argument.is_out()) continue;
    if (below(4) == 0) argument.keyword_only = false;
    if (below(3) == 0) argument.type = any_type();
  }
  if (below(3) == 0) schema.returns[0].type = any_type();
  return schema;
}

RC_GTEST_PROP(SchemaLaws, INV_29_CompatibilityIsReflexiveAndTransitive, ()) {
  const Schema oldest = any_schema(below(3));
  const Schema newer = successor(oldest);
  const Schema newest = successor(newer);
  RC_ASSERT(incompatibility(oldest, oldest).empty());
  const bool first = incompatibility(newer, oldest).empty();
  const bool second = incompatibility(newest, newer).empty();
  RC_CLASSIFY(first && second && !(oldest == newest), "a chain");
  if (!first || !second) return;
  RC_LOG() << to_string(oldest) << "\n" << to_string(newer) << "\n" << to_string(newest) << "\n";
  RC_ASSERT(incompatibility(newest, oldest).empty());
}

TEST(SchemaLaws, INV_29_SubtypesAreTransitive) {
  std::vector<Type> all;
  for (const char* type : types) all.push_back(type_of(type));
  for (const Type& a : all)
    for (const Type& b : all)
      for (const Type& c : all)
        if (is_subtype(a, b) && is_subtype(b, c)) {
          EXPECT_TRUE(is_subtype(a, c)) << to_string(a) << " to " << to_string(b) << " to " << to_string(c);
        }
}

}  // namespace
}  // namespace engine
