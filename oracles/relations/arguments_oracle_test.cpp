#include <gtest/gtest.h>

#include "corpora/case/text.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/forms.h"
#include "oracles/relations/respelling.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::Value;

constexpr std::string_view with_dim = "aten::op(Tensor self, int dim) -> Tensor";

// A call on a matrix with one more argument.
corpora::Case on_matrix(Value argument, std::string_view op = "aten::op") {
  corpora::Case c = case_of(op, 1, 6);
  c.inputs[0] = {0, {2, 3}, {3, 1}, 0};
  c.calls[0].arguments.push_back(std::move(argument));
  return c;
}

// The spelling that the oracle finds, or nothing.
std::vector<Respelling> found_in(const corpora::Case& c, std::string_view schema) {
  ScriptedSubject subject({schema}, always(outcome_of(1)));
  Trial trial(subject, c);
  return respellings(trial);
}

Value other_value(const Value& value, std::string_view schema) {
  const auto all = found_in(on_matrix(value), schema);
  EXPECT_EQ(all.size(), 1u);
  return all.empty() ? Value() : all.front().value;
}

TEST(Respelling, DimensionIsCountedFromTheOtherEnd) {
  EXPECT_EQ(other_value(Value::of_integer(1), with_dim), Value::of_integer(-1));
  EXPECT_EQ(other_value(Value::of_integer(-2), with_dim), Value::of_integer(0));
  EXPECT_EQ(other_value(Value::of_integers({0, -1}), "aten::op(Tensor self, int[] dim) -> Tensor"),
            Value::of_integers({-2, 1}));
  EXPECT_TRUE(found_in(on_matrix(Value::of_integer(2)), with_dim).empty());
  corpora::Case with_out = on_matrix(Value::of_integer(1));
  with_out.calls[0].arguments.push_back(with_out.calls[0].arguments[0]);
  EXPECT_TRUE(found_in(with_out, "aten::op(Tensor x, int dim, *, Tensor(a!) out) -> Tensor(a!)").empty());
  EXPECT_TRUE(found_in(on_matrix(Value::of_integer(1)), "aten::op(Tensor self, int n) -> Tensor").empty());
}

TEST(Respelling, NoneIsAnUndefinedTensorOrTheOptionThatItMeans) {
  EXPECT_EQ(other_value(Value::of_none(), "aten::op(Tensor self, Tensor? weight) -> Tensor"),
            Value::of_undefined());
  EXPECT_EQ(other_value(Value::of_none(), "aten::op(Tensor self, ScalarType? dtype) -> Tensor"),
            Value::of_dtype(engine::DType::f32));
  EXPECT_TRUE(found_in(on_matrix(Value::of_none()), "aten::op(Tensor self, float? scale) -> Tensor").empty());
}

TEST(Respelling, ListOfEqualNumbersIsOneNumber) {
  constexpr std::string_view pool = "aten::op(Tensor self, int[2] stride) -> Tensor";
  EXPECT_EQ(other_value(Value::of_integers({3, 3}), pool), Value::of_integers({3}));
  EXPECT_EQ(other_value(Value::of_integers({3}), pool), Value::of_integers({3, 3}));
  EXPECT_TRUE(found_in(on_matrix(Value::of_integers({3, 4})), pool).empty());
}

TEST(Respelling, WholeNumberIsARealOne) {
  constexpr std::string_view scaled = "aten::op(Tensor self, Scalar alpha) -> Tensor";
  EXPECT_EQ(other_value(Value::of_integer(2), scaled), Value::of_real(2));
  EXPECT_EQ(other_value(Value::of_real(-4), scaled), Value::of_integer(-4));
  EXPECT_TRUE(found_in(on_matrix(Value::of_real(0.5)), scaled).empty());
  corpora::Case of_integers = on_matrix(Value::of_integer(2));
  of_integers.storages[0].dtype = engine::DType::i64;
  EXPECT_TRUE(found_in(of_integers, scaled).empty());
}

TEST(Respelling, WholeNumberOfAnIntegerDtypeStaysOne) {
  constexpr std::string_view filled = "aten::op(Tensor self, Scalar fill, ScalarType dtype) -> Tensor";
  corpora::Case c = on_matrix(Value::of_integer(-1));
  c.calls[0].arguments.push_back(Value::of_dtype(engine::DType::u8));
  EXPECT_TRUE(found_in(c, filled).empty());
  c.calls[0].arguments.back() = Value::of_dtype(engine::DType::f32);
  EXPECT_EQ(found_in(c, filled).size(), 1u);
}

// The case has floating-point memory, but what the last call gets are integers that an earlier call returned.
TEST(Respelling, WholeNumberBesideAResultOfIntegersStaysOne) {
  constexpr std::string_view counts = "aten::count(Tensor self) -> Tensor";
  constexpr std::string_view scaled = "aten::op(Tensor self, Scalar alpha) -> Tensor";
  corpora::Case c = on_matrix(Value::of_integer(2));
  corpora::Call first = c.calls[0];
  first.op = "aten::count";
  first.arguments.pop_back();
  c.calls[0].arguments[0].tensor = {0, 0};
  c.calls.insert(c.calls.begin(), first);
  const auto spellings_of = [&](engine::DType dtype) {
    TensorSnapshot result = f32_tensor({1}, {1});
    result.dtype = dtype;
    ScriptedSubject subject({counts, scaled}, always(outcome_of({returning({result}), returning({result})})));
    Trial trial(subject, c);
    return respellings(trial).size();
  };
  EXPECT_EQ(spellings_of(engine::DType::f32), 1u);
  EXPECT_EQ(spellings_of(engine::DType::i64), 0u);
}

// An operator whose result depends on its dimension, or raises for one outside of the range.
ScriptedSubject::Script by_dimension(int64_t first_accepted, int64_t end, float (*result)(int64_t)) {
  return [=](const corpora::Case& c, auto&, auto&) {
    const int64_t dim = c.calls[0].arguments[1].integer;
    if (dim < first_accepted || dim >= end) return outcome_of({raising("dimension out of range")});
    return outcome_of(result(dim));
  };
}

Verdict judged_spelling(std::string_view schema, const ScriptedSubject::Script& run) {
  const auto name = schema.substr(0, schema.find('('));
  return run_check(check_arguments, on_matrix(Value::of_integer(1), name), {schema}, run);
}

TEST(ArgumentsOracle, NegativeDimensionMustHaveTheSameEffect) {
  const auto wraps = [](int64_t dim) { return static_cast<float>(dim < 0 ? dim + 2 : dim); };
  const auto ignores = [](int64_t dim) { return static_cast<float>(dim < 0 ? 0 : dim); };
  EXPECT_EQ(judged_spelling(with_dim, by_dimension(-2, 2, wraps)).judgement, Judgement::agree);
  const Verdict verdict = judged_spelling(with_dim, by_dimension(-2, 2, ignores));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_FALSE(verdict.divergence.uninitialised);
  EXPECT_EQ(verdict.right.front().storage, rewriting::spelled + 8);
  EXPECT_EQ(corpora::parse_case(verdict.right_case, "right").calls[0].arguments[1], Value::of_integer(-1));
}

TEST(ArgumentsOracle, DimensionOfTheResultIsIncomparable) {
  const auto of_result = [](int64_t dim) { return static_cast<float>(dim < 0 ? dim + 3 : dim); };
  EXPECT_EQ(judged_spelling(with_dim, by_dimension(-3, 3, of_result)).judgement, Judgement::incomparable);
}

TEST(ArgumentsOracle, DimensionOfAnotherTensorIsIncomparable) {
  // Only dimension 0 exists, and -1 is another one.
  const corpora::Case c = on_matrix(Value::of_integer(0));
  const auto of_vector = by_dimension(-1, 1, [](int64_t dim) { return static_cast<float>(dim); });
  EXPECT_EQ(run_check(check_arguments, c, {with_dim}, of_vector).judgement, Judgement::incomparable);
}

TEST(ArgumentsOracle, OperatorMayCountFromOneEndOnly) {
  const auto same = [](int64_t) { return 1.0F; };
  EXPECT_EQ(judged_spelling(with_dim, by_dimension(0, 2, same)).judgement, Judgement::incomparable);
  const auto takes_all_but_the_last = [](const corpora::Case& c, auto&, auto&) {
    const int64_t dim = c.calls[0].arguments[1].integer;
    return dim < -2 || dim == -1 || dim > 1 ? outcome_of({raising("dimension out of range")}) : outcome_of(1);
  };
  EXPECT_EQ(judged_spelling(with_dim, takes_all_but_the_last).judgement, Judgement::differ);
  EXPECT_EQ(judged_spelling("author::op(Tensor self, int dim) -> Tensor", takes_all_but_the_last).judgement,
            Judgement::incomparable);
}

TEST(ArgumentsOracle, CallWithoutAnotherSpellingIsRefused) {
  EXPECT_EQ(run_check(check_arguments, "aten::op(Tensor self) -> Tensor", always(outcome_of(1))).judgement,
            Judgement::refused);
}

}  // namespace
}  // namespace oracles
