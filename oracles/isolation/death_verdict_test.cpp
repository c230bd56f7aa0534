#include "oracles/isolation/death_verdict.h"

#include <gtest/gtest.h>
#include <signal.h>

#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;
using corpora::Path;

constexpr std::string_view authors = "author::f(Tensor self) -> Tensor";
constexpr std::string_view librarys = "aten::abs(Tensor self) -> Tensor";

// The verdict of a run in which the author's operator, which calls the library's with zeros, dies of SIGSEGV
// on the side of the ZeroTensor. The library's operator dies there of `signal_of_library`, or not (0).
Verdict verdict_with(int signal_of_library) {
  ScriptedSubject subject({authors, librarys}, [&](auto& c, auto&, const Path& path) {
    const bool of_author = c.calls.front().op == "author::f";
    const int number = of_author ? SIGSEGV : signal_of_library;
    if (has_layer(path, LayerKind::zero) && number != 0) {
      signal(number, SIG_DFL);
      raise(number);
    }
    Outcome outcome = outcome_of(1);
    outcome.trace.push_back({c.calls.front().op, 0, 0});
    if (of_author) {
      outcome.trace.push_back({"aten::abs", 1, 1});
      outcome.trace.back().arguments = {result_of(f32_tensor({2}, {0, 0}))};
    }
    return outcome;
  });
  const IsolatedLimits limits{0.5, 48, testing::TempDir() + "death_verdict_test"};
  const corpora::Case c = case_of(authors, 1);
  const Path path{{LayerKind::zero, 0}};
  const auto dies = [&] {
    Trial(subject, c).run(path);
    return std::string();
  };
  return verdict_of_death(subject, c, path, *run_in_child(limits, dies).death, limits);
}

TEST(DeathVerdict, ALibraryCallThatDiesByItselfExplainsTheDeathOfTheAuthors) {
  const Verdict verdict = verdict_with(SIGSEGV);
  EXPECT_EQ(verdict.judgement, Judgement::incomparable);
  EXPECT_EQ(verdict.why, "the library's aten::abs ends the process by itself: SIGSEGV");
}

TEST(DeathVerdict, WithoutSuchACallTheDeathIsTheAuthors) {
  const Verdict verdict = verdict_with(0);
  EXPECT_EQ(verdict.judgement, Judgement::crash);
  EXPECT_EQ(verdict.divergence.op, "author::f");
}

TEST(DeathVerdict, ALibraryCallThatDiesOfAnotherSignalExplainsNothing) {
  EXPECT_EQ(verdict_with(SIGBUS).judgement, Judgement::crash);
}

TEST(DeathVerdict, TimeAndMemoryAreNoFindingIfAnInputHasTooManyElements) {
  ScriptedSubject subject({authors}, [](auto&, auto&, const Path&) { return outcome_of(1); });
  const auto verdict = [&](int64_t elements, Death::Cause cause) {
    corpora::Case c = case_of(authors, 1);
    c.inputs[0].sizes = {elements};
    c.inputs[0].strides = {0};
    Death death;
    death.cause = cause;
    return verdict_of_death(subject, c, {{LayerKind::conj, 0}}, death,
                            {0.5, 48, testing::TempDir() + "death_verdict_test"});
  };
  constexpr int64_t far = int64_t{1} << 31;
  EXPECT_EQ(verdict(far, Death::Cause::timeout).judgement, Judgement::over_budget);
  EXPECT_EQ(verdict(far, Death::Cause::memory).judgement, Judgement::over_budget);
  EXPECT_EQ(verdict(far, Death::Cause::crash).judgement, Judgement::crash);
  EXPECT_EQ(verdict(2, Death::Cause::timeout).judgement, Judgement::timeout);
  EXPECT_EQ(verdict(2, Death::Cause::memory).judgement, Judgement::memory);
}

}  // namespace
}  // namespace oracles
