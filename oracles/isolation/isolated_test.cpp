#include "oracles/isolation/isolated.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "corpora/case/text.h"
#include "engine/core/address_sanitizer.h"
#include "oracles/compare/divergence_text.h"
#include "oracles/isolation/child.h"
#include "oracles/isolation/child_directory.h"
#include "oracles/isolation/misbehaving_subject.h"
#include "oracles/isolation/verdict_line.h"
#include "oracles/subjects/host.h"
#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

const Oracle kOracle{
    .name = "scripted", .promise = "the same values", .check = scripted_check, .planted = {}};

class IsolatedTest : public testing::Test {
 protected:
  Verdict check(const std::string& op, bool fresh = false) {
    return isolated_.check(MisbehavingSubject::case_of(op, 7, 0), kOracle, fresh);
  }

  static IsolatedLimits limits() { return {0.5, 48, testing::TempDir() + "isolated_test"}; }
  MisbehavingSubject subject_{{"test::fine", "test::segv", "test::segv_on_path", "test::abort_on_path",
                               "test::hang", "test::hang_on_path", "test::eat", "test::eat_on_path",
                               "test::differ_on_path", "test::remember_on_path", "test::overwrite_on_path",
                               "test::exit_on_path", "test::raise", "test::raise_on_path"}};
  Isolated isolated_{subject_, limits()};
};

TEST_F(IsolatedTest, ReturnsTheVerdictOfTheSameCheckInThisProcess) {
  EXPECT_EQ(check("test::fine").judgement, Judgement::agree);
  const Verdict verdict = check("test::differ_on_path");
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_EQ(corpora::to_string(verdict.right), "neg(0)");
}

TEST_F(IsolatedTest, RaisesNameTheSideTheCallAndTheMessage) {
  check("test::fine");
  EXPECT_TRUE(isolated_.raises().empty());
  const Raise right{corpora::parse_path("neg(0)"), 0, "test::raise_on_path", "RuntimeError",
                    "raised on request"};
  check("test::raise_on_path");
  EXPECT_EQ(isolated_.raises(), std::vector<Raise>{right});
  check("test::raise");
  ASSERT_EQ(isolated_.raises().size(), 2U);
  EXPECT_TRUE(isolated_.raises()[0].path.empty());
  EXPECT_EQ(isolated_.raises()[1].path, right.path);
}

TEST_F(IsolatedTest, RaisesOfExperimentsAreNotThoseOfTheCase) {
  const auto with_experiment = [](Trial& trial) {
    const Verdict verdict = scripted_check(trial);
    corpora::Case other = trial.test_case();
    other.calls.back().arguments.back() = corpora::Value::of_integer(0);
    trial.run(other, verdict.right, verdict.right);
    return verdict;
  };
  const Oracle oracle{
      .name = "scripted", .promise = "the same values", .check = with_experiment, .planted = {}};
  isolated_.check(MisbehavingSubject::case_of("test::raise_on_path", 7, 1), oracle, true);
  EXPECT_TRUE(isolated_.raises().empty());
}

TEST_F(IsolatedTest, WasFirstIsTrueForTheFirstCheckOfAProcess) {
  check("test::fine");
  EXPECT_TRUE(isolated_.was_first());
  check("test::fine");
  EXPECT_FALSE(isolated_.was_first());
  check("test::fine", true);
  EXPECT_TRUE(isolated_.was_first());
  check("test::segv");
  EXPECT_FALSE(isolated_.was_first());
  check("test::segv");
  EXPECT_TRUE(isolated_.was_first()) << "the previous process died";
  isolated_.renew();
  check("test::fine");
  EXPECT_TRUE(isolated_.was_first());
}

TEST_F(IsolatedTest, CrashOfTheDirectRunHasNoPath) {
  const Verdict verdict = check("test::segv");
  EXPECT_EQ(verdict.judgement, Judgement::crash);
  EXPECT_EQ(verdict.divergence.right.signal, SIGSEGV);
  EXPECT_TRUE(verdict.right.empty());
}

TEST_F(IsolatedTest, CrashOnAPathNamesThePath) {
  const Verdict verdict = check("test::segv_on_path");
  EXPECT_EQ(verdict.judgement, Judgement::crash);
  EXPECT_EQ(corpora::to_string(verdict.right), "neg(0)");
  EXPECT_EQ(verdict.divergence.op, "test::segv_on_path");
  EXPECT_EQ(check("test::abort_on_path").divergence.right.signal, SIGABRT);
  EXPECT_EQ(check("test::overwrite_on_path").judgement, Judgement::crash);
  EXPECT_EQ(check("test::fine").judgement, Judgement::agree) << "the next child is unaffected";
}

TEST_F(IsolatedTest, ExitWithStatusZeroIsACrash) {
  const Verdict verdict = check("test::exit_on_path");
  EXPECT_EQ(verdict.judgement, Judgement::crash);
  EXPECT_EQ(ending_text(verdict.divergence.right), "exit status 0");
}

TEST_F(IsolatedTest, CrashInAProgramNamesTheCall) {
  corpora::Case c = MisbehavingSubject::case_of("test::fine", 7, 0);
  c.calls.push_back(MisbehavingSubject::case_of("test::segv_on_path", 7, 0).calls.front());
  c.calls.push_back(c.calls.front());
  const Verdict verdict = isolated_.check(c, kOracle, false);
  EXPECT_EQ(verdict.divergence.op, "test::segv_on_path");
  EXPECT_EQ(verdict.divergence.call, 1);
}

Verdict never_called(Trial&) {
  ADD_FAILURE() << "called after the process died";
  return {};
}
const Oracle kAfterDeath{.name = "after", .promise = "nothing", .check = never_called, .planted = {}};

TEST_F(IsolatedTest, DeathOfTheProcessEndsCheckAll) {
  const auto all = [&](const std::string& op) {
    return isolated_.check_all(MisbehavingSubject::case_of(op, 7, 0), {&kOracle, &kOracle});
  };
  ASSERT_EQ(all("test::differ_on_path").size(), 2U);
  for (const Verdict& verdict : all("test::differ_on_path")) EXPECT_EQ(verdict.judgement, Judgement::differ);
  const auto dead =
      isolated_.check_all(MisbehavingSubject::case_of("test::segv_on_path", 7, 0), {&kOracle, &kAfterDeath});
  ASSERT_EQ(dead.size(), 1U);
  EXPECT_EQ(dead[0].judgement, Judgement::crash);
  EXPECT_EQ(corpora::to_string(dead[0].right), "neg(0)");
}

TEST_F(IsolatedTest, HangIsATimeout) {
  EXPECT_EQ(check("test::hang").judgement, Judgement::timeout);
  const Verdict verdict = check("test::hang_on_path");
  EXPECT_EQ(verdict.judgement, Judgement::timeout);
  EXPECT_EQ(verdict.divergence.kind, Kind::timeout);
  EXPECT_EQ(corpora::to_string(verdict.right), "neg(0)");
}

TEST_F(IsolatedTest, ExhaustedMemoryIsAVerdict) {
  EXPECT_EQ(check("test::eat_on_path").judgement, Judgement::memory);
  EXPECT_EQ(check("test::eat").judgement, Judgement::over_budget) << "the direct call requests too much";
}

TEST_F(IsolatedTest, FreshCheckDoesNotDependOnEarlierChecks) {
  for (int i = 0; i < 3; ++i) check("test::fine");
  EXPECT_EQ(check("test::remember_on_path").judgement, Judgement::differ);
  EXPECT_EQ(check("test::remember_on_path", true).judgement, Judgement::agree);
}

TEST_F(IsolatedTest, TraceOfADeadChildSaysHowItDied) {
  const corpora::Case c = MisbehavingSubject::case_of("test::fine", 7, 0);
  EXPECT_EQ(isolated_.trace(c, {}), std::vector<std::string>{"test::fine [CPU]"});
  const auto died = isolated_.trace(MisbehavingSubject::case_of("test::segv", 7, 0), {});
  EXPECT_EQ(died.back(), "no trace: the run ended with SIGSEGV");
}

TEST_F(IsolatedTest, UnknownOperatorsAndOraclesAreRefused) {
  EXPECT_EQ(check("test::absent").judgement, Judgement::refused);
  EXPECT_EQ(
      isolated_.check(MisbehavingSubject::case_of("test::fine", 7, 0), "no such oracle", false).judgement,
      Judgement::refused);
}

TEST(Isolated, CrashInAnotherFormNamesThatForm) {
  const auto run = [](const corpora::Case& c, auto&, auto&) {
    if (c.calls.back().op == "t::op.out") raise(SIGSEGV);
    return outcome_of({returning({f32_tensor({2}, {0, 1})})});
  };
  ScriptedSubject subject(
      {"t::op(Tensor self) -> Tensor", "t::op.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)"}, run);
  corpora::Case c = oracles::case_of("t::op", 1, 2);
  c.header.path = {{corpora::LayerKind::form, 1}};
  const IsolatedLimits limits{.directory = testing::TempDir() + "isolated_form_test"};
  const Verdict verdict = Isolated(subject, limits).check(c, "variants", true);
  EXPECT_EQ(verdict.judgement, Judgement::crash);
  EXPECT_EQ(verdict.divergence.op, "t::op.out");
}

}  // namespace
}  // namespace oracles
