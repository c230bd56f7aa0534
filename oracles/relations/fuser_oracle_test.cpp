#include <gtest/gtest.h>

#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/surrounded.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view op = "mine::op(Tensor a) -> Tensor";
const std::initializer_list<std::string_view> schemas{
    op, "aten::alias(Tensor(a) self) -> Tensor(a)", "aten::mul.Scalar(Tensor self, Scalar other) -> Tensor"};

bool is_graph(const corpora::Path& path) {
  return std::ranges::any_of(
      path, [](const corpora::Layer& layer) { return layer.kind == LayerKind::fused && layer.storage != 0; });
}

// As many calls as the program has; the last one has this outcome if it runs as a graph, otherwise returns 1.
ScriptedSubject::Script ending(CallOutcome in_graph, Reach reach = Reach::own) {
  return [=](const corpora::Case& c, auto&, const corpora::Path& path) {
    Outcome outcome;
    outcome.calls.resize(c.calls.size(), returning({f32_tensor({1}, {1})}));
    if (!is_graph(path)) return outcome;
    outcome.calls.back() = in_graph;
    outcome.reach = reach;
    return outcome;
  };
}

Verdict judged(const char* path, ScriptedSubject::Script run) {
  corpora::Case c = case_of(op, 1);
  c.header.path = corpora::parse_path(path);
  return run_check(check_fuser, c, schemas, std::move(run));
}

TEST(FuserOracle, EqualResultsAgreeAndReachIsThatOfTheGraph) {
  const Verdict verdict = judged("fused(1)", ending(returning({f32_tensor({1}, {1})})));
  EXPECT_EQ(verdict.judgement, Judgement::agree);
  EXPECT_EQ(verdict.reach, Reach::own);
  EXPECT_EQ(corpora::to_string(verdict.right), "form(0)+fused(1)");
}

TEST(FuserOracle, DifferentValueIsADivergence) {
  for (const char* path : {"fused(1)", "form(1)+fused(2)"}) {
    const Verdict verdict = judged(path, ending(returning({f32_tensor({1}, {2})})));
    EXPECT_EQ(verdict.judgement, Judgement::differ) << path;
    EXPECT_EQ(verdict.divergence.call, 0) << path;
    EXPECT_EQ(verdict.divergence.op, "mine::op") << path;
  }
}

TEST(FuserOracle, LazyBitsOfAnAuthorsProgramAreNotJudged) {
  for (const std::string_view schema : {"author::op(Tensor a) -> Tensor", "mine::op(Tensor a) -> Tensor"}) {
    corpora::Case c = case_of(schema, 1);
    c.header.path = corpora::parse_path("fused(1)");
    const Verdict verdict = run_check(check_fuser, c, {schema}, [](auto&, auto&, const corpora::Path& path) {
      TensorSnapshot negative = f32_tensor({1}, {is_graph(path) ? 2.0F : 1.0F});
      negative.neg = true;
      Outcome outcome;
      outcome.calls.push_back(returning({negative}));
      return outcome;
    });
    EXPECT_EQ(verdict.judgement, schema.starts_with("author") ? Judgement::incomparable : Judgement::differ);
  }
}

TEST(FuserOracle, ErrorOfOneSideIsADivergence) {
  const Verdict verdict = judged("fused(1)", ending(raising("no")));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::error);
}

TEST(FuserOracle, GraphMayRemoveACallWithoutResults) {
  constexpr std::string_view check = "mine::check(Tensor a) -> ()";
  corpora::Case c = case_of(check, 1);
  c.header.path = corpora::parse_path("fused(1)");
  const auto script = [](auto&, auto&, const corpora::Path& path) {
    return has_layer(path, LayerKind::fused) && !is_graph(path) ? outcome_of({raising("no")})
                                                                : outcome_of({returning({})});
  };
  EXPECT_EQ(run_check(check_fuser, c, {check}, script).judgement, Judgement::incomparable);
}

TEST(FuserOracle, WritesOfTensorsOfAListAreRefused) {
  constexpr std::string_view each = "mine::each_(Tensor(a!)[] a) -> ()";
  corpora::Case c = case_of("mine::each_", 1);
  c.calls[0].arguments = {corpora::Value::of_list({corpora::Value::of_input(0)})};
  EXPECT_EQ(run_check(check_fuser, c, {each}, always(outcome_of({returning({})}))).judgement,
            Judgement::refused);
}

TEST(FuserOracle, CallThatGraphsCannotHoldIsAGap) {
  EXPECT_EQ(judged("fused(1)", ending(raising("no overload", Status::not_implemented))).judgement,
            Judgement::gap);
}

TEST(FuserOracle, StridesAreComparedUnlessAGroupRan) {
  TensorSnapshot turned = f32_tensor({2, 2}, {1, 1, 1, 1});
  const auto script = [&](Reach reach) -> ScriptedSubject::Script {
    return [=](auto&, auto&, const corpora::Path& path) {
      Outcome outcome = outcome_of(turned);
      if (is_graph(path)) outcome.calls.back().results[0].tensor.strides = {1, 2};
      outcome.reach = reach;
      return outcome;
    };
  };
  EXPECT_EQ(judged("fused(1)", script(Reach::own)).judgement, Judgement::agree);
  EXPECT_EQ(judged("fused(1)", script(Reach::none)).judgement, Judgement::differ);
}

TEST(Surrounded, CallGetsAnAliasBetweenTwoDoublings) {
  const auto made = surrounded(case_of("mine::op", 1), {}, outcome_of(1));
  ASSERT_TRUE(made);
  const auto& calls = made->program.calls;
  ASSERT_EQ(calls.size(), 5u);
  EXPECT_EQ(calls[0].op, "aten::mul.Scalar");
  EXPECT_EQ(calls[1].op, "aten::alias");
  EXPECT_EQ(calls[2].op, "mine::op");
  EXPECT_EQ(calls[2].arguments[0], corpora::Value::of_result(1, 0));
  EXPECT_EQ(calls[3].arguments[0], corpora::Value::of_result(0, 0));
  EXPECT_EQ(calls[4].arguments[0], corpora::Value::of_result(2, 0));
  for (int call = 0; call < 5; ++call) EXPECT_EQ(made->original(call), 0);
}

TEST(Surrounded, BooleansAreNotDoubled) {
  corpora::Case c = case_of("mine::op", 1);
  c.storages[0].dtype = engine::DType::b8;
  TensorSnapshot flag = f32_tensor({1}, {1});
  flag.dtype = engine::DType::b8;
  const auto made = surrounded(c, {}, outcome_of(flag));
  ASSERT_TRUE(made);
  ASSERT_EQ(made->program.calls.size(), 2u);
  EXPECT_EQ(made->program.calls[0].op, "aten::alias");
}

TEST(Surrounded, WrittenInputHasNoAlias) {
  const std::vector<TensorUse> uses{{.written = true, .tensor = corpora::Value::of_input(0).tensor}};
  const auto made = surrounded(case_of("mine::op_", 1), uses, outcome_of(1));
  ASSERT_TRUE(made);
  EXPECT_EQ(made->program.calls.at(1).op, "mine::op_");
  EXPECT_EQ(made->program.calls[1].arguments[0], corpora::Value::of_input(0));
}

TEST(Surrounded, ProgramThatRaisesIsNotSurrounded) {
  EXPECT_FALSE(surrounded(case_of("mine::op", 1), {}, outcome_of({raising("no")})));
}

}  // namespace
}  // namespace oracles
