#include "oracles/trial/attribution.h"

#include <gtest/gtest.h>

#include "oracles/trial/scripted_subject.h"
#include "oracles/trial/verdicts.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view authors = "author::f(Tensor self) -> Tensor";
constexpr std::string_view librarys = "aten::abs(Tensor self) -> Tensor";

Kind kind_of_nested = Kind::strides, kind_of_outer = Kind::strides;
bool nested_differs = true, nested_need_not_agree = false;

// The operators differ for a ZeroTensor as the test says.
Verdict check(Trial& trial) {
  Verdict agrees;
  agrees.right = {{LayerKind::zero, 0}};
  if (trial.last_operator().by_author)
    return differs(trial, 0, divergence_of(kind_of_outer, {Part::result, 0}, Side{}, Side{}), agrees);
  if (nested_need_not_agree) return incomparable(agrees, "equal elements have no order");
  if (!nested_differs) return agrees;
  return differs(trial, 0, divergence_of(kind_of_nested, {Part::result, 0}, Side{}, Side{}), agrees);
}

const Oracle oracle{.name = "zero", .promise = "", .check = check};

// A run of the author's operator, which calls the library's with zeros. On the side of the ZeroTensor the
// nested call has the key of ZeroTensors, or not.
Verdict attributed(bool nested_meets_the_key, bool below_meets_it = false) {
  ScriptedSubject subject({authors, librarys}, [&](auto&, auto&, const corpora::Path& path) {
    Outcome outcome = outcome_of(1);
    outcome.trace.push_back({"author::f", 0, 0});
    const bool met = nested_meets_the_key && has_layer(path, LayerKind::zero);
    TraceEntry nested{"aten::abs", met ? uint64_t{1} : uint64_t{0}, 1};
    nested.arguments = {result_of(f32_tensor({2}, {0, 0}))};
    outcome.trace.push_back(nested);
    if (below_meets_it && has_layer(path, LayerKind::zero)) outcome.trace.push_back({"aten::abs", 1, 2});
    return outcome;
  });
  const corpora::Case c = case_of(authors, 1);
  Trial trial(subject, c);
  return check_and_attribute(trial, oracle);
}

TEST(Attribution, ALibraryCallThatDiffersByItselfExplainsTheAuthorsDivergence) {
  kind_of_nested = Kind::strides;
  nested_differs = true;
  const Verdict verdict = attributed(true);
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
  EXPECT_EQ(verdict.why, "the library's aten::abs differs by itself: strides");
}

TEST(Attribution, WithoutSuchACallTheDivergenceIsTheAuthors) {
  kind_of_nested = Kind::strides;
  nested_differs = false;
  EXPECT_EQ(attributed(true).judgement, Judgement::differ);
}

TEST(Attribution, ACallThatDiffersInAnotherWayExplainsNothing) {
  kind_of_nested = Kind::version;
  nested_differs = true;
  EXPECT_EQ(attributed(true).judgement, Judgement::differ);
}

TEST(Attribution, ACallWhoseSidesNeedNotAgreeExplainsValues) {
  nested_need_not_agree = true;
  kind_of_outer = Kind::value;
  EXPECT_EQ(attributed(true).why, "of the library's aten::abs alone: equal elements have no order");
  kind_of_outer = Kind::strides;
  EXPECT_EQ(attributed(true).judgement, Judgement::differ);
  nested_need_not_agree = false;
}

TEST(Attribution, ACallThatFallsThroughAtTheKeyExplainsWhatACallBelowItMeets) {
  kind_of_nested = Kind::strides;
  nested_differs = true;
  EXPECT_EQ(attributed(false, true).judgement, Judgement::incomparable);
}

TEST(Attribution, ACallThatDoesNotMeetTheKeyExplainsNothing) {
  kind_of_nested = Kind::strides;
  nested_differs = true;
  EXPECT_EQ(attributed(false).judgement, Judgement::differ);
}

// The author's call differs after a call of the library, and by itself or not.
Verdict attributed_in_program(bool differs_alone) {
  static bool alone_differs;
  alone_differs = differs_alone;
  const Oracle of_programs{.name = "layout", .promise = "", .check = [](Trial& trial) {
                             const size_t calls = trial.operators().size();
                             if (calls == 1 && !alone_differs) return Verdict{};
                             return differs(trial, calls - 1,
                                            divergence_of(Kind::value, {Part::result, 0}, Side{}, Side{}));
                           }};
  ScriptedSubject subject({authors, librarys}, [&](const corpora::Case& c, auto&, auto&) {
    Outcome outcome;
    for (const corpora::Call& call : c.calls) {
      outcome.calls.push_back(returning({f32_tensor({1}, {1})}));
      TraceEntry top{call.op == "author::f" ? "author::f" : "aten::abs", 0, 0};
      top.arguments = {result_of(f32_tensor({2}, {1, 2}))};
      outcome.trace.push_back(top);
    }
    return outcome;
  });
  corpora::Case c = case_of(librarys, 1);
  c.calls.push_back({"author::f", {}, {corpora::Value::of_result(0, 0)}});
  Trial trial(subject, c);
  return check_and_attribute(trial, of_programs);
}

TEST(Attribution, ADivergenceThatNeedsEarlierCallsOfTheLibraryIsNotTheAuthors) {
  EXPECT_EQ(attributed_in_program(true).judgement, Judgement::differ);
  const Verdict verdict = attributed_in_program(false);
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
  EXPECT_EQ(verdict.why, "it needs what the library's calls before it returned");
}

}  // namespace
}  // namespace oracles
