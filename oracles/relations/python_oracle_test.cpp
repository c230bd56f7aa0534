#include <gtest/gtest.h>

#include "oracles/oracle_checks.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::string_view schema = "m::f(Tensor a) -> Tensor";

bool through_python(const corpora::Path& path) {
  return has_layer(path, LayerKind::python) || has_layer(path, LayerKind::wrapped);
}

Verdict checked(const Outcome& without, const Outcome& with, std::vector<std::string>* paths = nullptr,
                const corpora::Path& requested = {}) {
  ScriptedSubject subject({schema}, [&](auto&, auto&, const corpora::Path& path) {
    return through_python(path) ? with : without;
  });
  corpora::Case c = case_of(schema, 1);
  c.header.path = requested;
  Trial trial(subject, c);
  const Verdict verdict = check_python(trial);
  if (paths) *paths = subject.paths;
  return verdict;
}

TEST(PythonOracle, EqualOutcomesAgree) {
  EXPECT_EQ(checked(outcome_of(1), outcome_of(1)).judgement, Judgement::agree);
  EXPECT_EQ(checked(outcome_of({raising("no")}), outcome_of({raising("no")})).judgement,
            Judgement::both_raised);
}

TEST(PythonOracle, DifferentValueIsADivergence) {
  const Verdict verdict = checked(outcome_of(1), outcome_of(2));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
}

TEST(PythonOracle, StateLeftByAnInterpreterIsADivergenceAlsoAfterAnError) {
  for (const Outcome& without : {outcome_of(1), outcome_of({raising("no")})}) {
    Outcome with = without;
    with.state = {"a mode", "no mode"};
    const Verdict verdict = checked(without, with);
    EXPECT_EQ(verdict.judgement, Judgement::differ);
    EXPECT_EQ(verdict.divergence.kind, Kind::state);
  }
}

TEST(PythonOracle, StateLeftByTheDirectCallAgrees) {
  Outcome leaks = outcome_of(1);
  leaks.state = {"before", "after"};
  EXPECT_EQ(checked(leaks, leaks).judgement, Judgement::agree);
}

TEST(PythonOracle, DifferentErrorClassIsADivergence) {
  CallOutcome other = raising("no");
  other.error_class = "TypeError";
  const Verdict verdict = checked(outcome_of({raising("no")}), outcome_of({other}));
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::error);
}

TEST(PythonOracle, RequestedPathIsComparedWithThePathWithoutPython) {
  std::vector<std::string> paths;
  checked(outcome_of(1), outcome_of(1), &paths, corpora::parse_path("neg(0)+wrapped(0)+python"));
  EXPECT_EQ(paths, (std::vector<std::string>{"direct", "neg(0)", "neg(0)+wrapped(0)+python"}));
}

TEST(PythonOracle, SubjectWithoutInterpretersIsRefused) {
  ScriptedSubject subject({schema}, always(outcome_of(1)));
  subject.refused_paths = {"python"};
  const corpora::Case c = case_of(schema, 1);
  Trial trial(subject, c);
  EXPECT_EQ(check_python(trial).judgement, Judgement::refused);
  EXPECT_TRUE(subject.paths.empty());
}

}  // namespace
}  // namespace oracles
