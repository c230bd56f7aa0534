#include <gtest/gtest.h>

#include "oracles/checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view schema = "m::f(Tensor a) -> Tensor";

bool through_python(const corpora::Path& path) {
  return has_layer(path, LayerKind::python) || has_layer(path, LayerKind::wrapped);
}

// What a run gives without and with an interpreter.
Verdict checked(const Outcome& without, const Outcome& with, std::vector<std::string>* walked = nullptr,
                const corpora::Path& asked = {}) {
  ScriptedSubject subject({schema}, [&](auto&, auto&, const corpora::Path& path) {
    return through_python(path) ? with : without;
  });
  corpora::Case c = case_of("m::f", 1);
  c.header.path = asked;
  Trial trial(subject, c);
  const Verdict verdict = check_python(trial);
  if (walked) *walked = subject.walked;
  return verdict;
}

Outcome shows(float x) { return outcome_of({returning({f32_tensor({1}, {x})})}); }

TEST(PythonOracle, TheSameAgrees) {
  EXPECT_EQ(checked(shows(1), shows(1)).judgement, Judgement::agree);
  EXPECT_EQ(checked(outcome_of({raising("no")}), outcome_of({raising("no")})).judgement,
            Judgement::both_raised);
}

TEST(PythonOracle, AnotherValueDiffers) {
  const Verdict verdict = checked(shows(1), shows(2));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
}

TEST(PythonOracle, WhatIsLeftOfAnInterpreterDiffersAlsoAfterAnError) {
  for (const Outcome& without : {shows(1), outcome_of({raising("no")})}) {
    Outcome with = without;
    with.state = {"a mode", "no mode"};
    const Verdict verdict = checked(without, with);
    EXPECT_EQ(verdict.judgement, Judgement::differ);
    EXPECT_EQ(verdict.divergence.kind, Kind::state);
  }
}

TEST(PythonOracle, WhatTheCallLeavesByItselfIsNotPythons) {
  Outcome leaks = shows(1);
  leaks.state = {"before", "after"};
  EXPECT_EQ(checked(leaks, leaks).judgement, Judgement::agree);
}

TEST(PythonOracle, AnotherClassOfErrorDiffers) {
  CallOutcome other = raising("no");
  other.error_class = "TypeError";
  const Verdict verdict = checked(outcome_of({raising("no")}), outcome_of({other}));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::error);
}

TEST(PythonOracle, TheAskedPathIsWalkedAndTheSameWithoutPython) {
  std::vector<std::string> walked;
  checked(shows(1), shows(1), &walked, corpora::parse_path("neg(0)+wrapped(0)+python"));
  EXPECT_EQ(walked, (std::vector<std::string>{"direct", "neg(0)", "neg(0)+wrapped(0)+python"}));
}

TEST(PythonOracle, WithoutInterpretersItIsRefused) {
  ScriptedSubject subject({schema}, [](auto&, auto&, auto&) { return shows(1); });
  subject.refused_paths = {"python"};
  const corpora::Case c = case_of("m::f", 1);
  Trial trial(subject, c);
  EXPECT_EQ(check_python(trial).judgement, Judgement::refused);
  EXPECT_TRUE(subject.walked.empty());
}

}  // namespace
}  // namespace oracles
