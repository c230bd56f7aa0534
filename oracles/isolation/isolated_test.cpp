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
                               "test::exit_on_path"}};
  Isolated isolated_{subject_, limits()};
};

TEST_F(IsolatedTest, ReturnsTheVerdictOfTheSameCheckInThisProcess) {
  EXPECT_EQ(check("test::fine").judgement, Judgement::agree);
  const Verdict verdict = check("test::differ_on_path");
  EXPECT_EQ(verdict.judgement, Judgement::differ);
  EXPECT_EQ(verdict.divergence.kind, Kind::value);
  EXPECT_EQ(corpora::to_string(verdict.right), "neg(0)");
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

// A host that records what it is asked.
class RecordingHost final : public Host {
 public:
  std::string torch_plugin() override { return {}; }
  void import_module(const std::string&) override {}
  bool is_of_library(const std::string&) override { return false; }
  void before_fork() override { calls += "before "; }
  void after_fork(bool in_child) override { calls += in_child ? "child" : "parent"; }
  std::optional<HostError> take_error() noexcept override { return std::nullopt; }

  std::string calls;
};

TEST(Child, HostPreparesEachFork) {
  RecordingHost recording;
  set_host(&recording);
  const ChildAnswer answer = run_in_child({}, [&] { return recording.calls; });
  set_host(nullptr);
  EXPECT_EQ(answer.text, "before child");
  EXPECT_EQ(recording.calls, "before parent");
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
  if (!limits_address_space()) GTEST_SKIP() << "no address space limit under AddressSanitizer";
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

TEST(Child, NextChildFindsTheDirectoryEmpty) {
  const IsolatedLimits limits{.directory = testing::TempDir() + "child_test"};
  std::filesystem::remove_all(limits.directory);  // of an earlier failed run
  const auto here = [] { return std::filesystem::current_path().string(); };
  const std::string first = run_in_child(limits, here).text;
  EXPECT_TRUE(first.starts_with(limits.directory));
  const auto litter = [&] {
    std::ofstream("litter") << "left";
    return here();
  };
  EXPECT_EQ(run_in_child(limits, litter).text, first);
  const auto looks = [] { return std::string(std::filesystem::is_empty(".") ? "empty" : "littered"); };
  EXPECT_EQ(run_in_child(limits, looks).text, "empty");
  remove_spare_child_directories();
  EXPECT_TRUE(std::filesystem::is_empty(limits.directory));
}

TEST(Child, SweepRemovesDirectoriesOfKilledParents) {
  const std::string base = testing::TempDir() + "child_sweep_test";
  const std::filesystem::path stray = base + "/faultline-child-999999999-0";
  std::filesystem::create_directories(stray);
  sweep_child_directories(base);
  EXPECT_FALSE(std::filesystem::exists(stray));
}

TEST(Child, ChildDiesWithItsParent) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t parent = fork();
  if (parent == 0) {
    const pid_t child = fork_child({}, [] { pause(); });
    if (write(ends[1], &child, sizeof child) != sizeof child) _exit(1);
    raise(SIGKILL);
  }
  close(ends[1]);
  pid_t child = 0;
  ASSERT_EQ(read(ends[0], &child, sizeof child), static_cast<ssize_t>(sizeof child));
  waitpid(parent, nullptr, 0);
  char byte;
  EXPECT_EQ(read(ends[0], &byte, 1), 0) << "the child, which holds the other end, is dead";
  close(ends[0]);
}

TEST(Child, FailedCheckOfFaultlineIsACrashWithItsOwnCause) {
  const auto answer = run_in_child({}, []() -> std::string { throw std::runtime_error("ours"); });
  ASSERT_TRUE(answer.death);
  EXPECT_EQ(answer.death->cause, Death::Cause::own_mistake);
  const Verdict verdict = verdict_of(*answer.death, "test::fine", {});
  EXPECT_EQ(verdict.judgement, Judgement::crash) << "an operator may have overwritten what was checked";
  EXPECT_EQ(verdict.divergence.right.end, End::own_check);
}

TEST(Child, DeathKeepsTheLastLinesOfStandardError) {
  if (engine::has_address_sanitizer)
    GTEST_SKIP() << "AddressSanitizer reports to the parent's standard error";
  const auto dying = [](const std::function<void()>& print) {
    return run_in_child({},
                        [&]() -> std::string {
                          print();
                          raise(SIGSEGV);
                          return {};
                        })
        .death->side;
  };
  const Side side = dying([] { fmt::print(stderr, "first\nlast\n"); });
  EXPECT_EQ(side.signal, SIGSEGV);
  EXPECT_EQ(side.last_output, "first\nlast");
  const auto thirty_lines = [] {
    for (int i = 0; i < 30; ++i) fmt::print(stderr, "line {}\n", i);
  };
  EXPECT_TRUE(dying(thirty_lines).last_output.starts_with("line 10\n"));
  EXPECT_TRUE(dying(thirty_lines).last_output.ends_with("\nline 29"));
  const auto endless = [] {
    for (int i = 0; i < 100'000; ++i) fmt::print(stderr, "a line of endless output\n");
  };
  EXPECT_LE(dying(endless).last_output.size(), 4096U);
  const auto earlier_case = [] {
    fmt::print(stderr, "of another case\n");
    forget_output();
    fmt::print(stderr, "own\n");
  };
  EXPECT_EQ(dying(earlier_case).last_output, "own");
  EXPECT_EQ(dying([] {}).last_output, "");
}

TEST(VerdictLine, ParsesToTheSameVerdict) {
  Verdict verdict;
  verdict.judgement = Judgement::differ;
  verdict.why = "why\nnot \xff";
  verdict.left = corpora::parse_path("zeros(0)");
  verdict.right = corpora::parse_path("zero(0)+typed");
  verdict.reach = Reach::fallthrough;
  verdict.worst_share = INFINITY;
  verdict.right_case = "text";
  Side left = side_showing(Element::of(-0.0));
  TensorSnapshot tensor = f32_tensor({2}, {0.5F, NAN});
  tensor.zero = true;
  Result list, plain;
  list.kind = Result::Kind::list;
  list.list = {result_of(tensor), plain};
  plain.plain = corpora::Value::of_string("a \"quoted\" word");
  left.whole = {result_of(tensor), list, plain};
  Side right = side_that(End::crashed);
  right.signal = SIGSEGV;
  right.last_output = "terminate called\n\xff";
  verdict.divergence.kind = Kind::strides;
  verdict.divergence.op = "aten::t";
  verdict.divergence.call = 2;
  verdict.divergence.place = {Part::result, 1, 2, engine::Dims{3, 4}};
  verdict.divergence.left = left;
  verdict.divergence.right = right;
  verdict.divergence.tier = Tier::t3;
  verdict.divergence.difference = 0x1.8p-30;
  verdict.divergence.bound = NAN;
  verdict.divergence.bound_reason = "because";
  verdict.divergence.form = OutState::transposed;
  verdict.divergence.uninitialised = true;
  const std::string line = to_json_line(verdict);
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const Verdict back = verdict_from_json_line(line);
  EXPECT_EQ(to_json_line(back), line);
  EXPECT_EQ(back.right, verdict.right);
  EXPECT_EQ(back.divergence.difference, 0x1.8p-30);
  EXPECT_TRUE(std::isnan(back.divergence.bound));
  EXPECT_EQ(back.worst_share, INFINITY);
  EXPECT_EQ(back.divergence.place, verdict.divergence.place);
  EXPECT_EQ(back.divergence.form, OutState::transposed);
  EXPECT_EQ(back.divergence.left.whole[0].tensor.values, tensor.values);
  EXPECT_EQ(back.divergence.right.signal, SIGSEGV);
}

TEST(VerdictLine, EveryContentOfASideIsKept) {
  const std::vector<Shown> all{std::monostate{},
                               Element::of(NAN),
                               Element{engine::DType::b8, {std::byte{0xa5}}},  // uninitialised
                               engine::Dims{1, 0},
                               int64_t{-3},
                               engine::DType::c64,
                               Identity{.out = 1},
                               Identity{.storage = 2, .fresh = true},
                               LazyBits{true, false},
                               Change::geometry,
                               RequiresGrad{true},
                               Word{"cpu"},
                               Names{"k0", "k1"},
                               corpora::Value::of_complex(1, -0.0)};
  for (const Shown& shown : all) {
    Verdict verdict;
    verdict.judgement = Judgement::differ;
    verdict.divergence.left = side_showing(shown);
    const Verdict back = verdict_from_json_line(to_json_line(verdict));
    EXPECT_EQ(back.divergence.left.shown, shown) << shown.index();
  }
  EXPECT_EQ(all.back().index() + 1, std::variant_size_v<Shown>) << "a new alternative: add it above";
}

template <class Named, class Parse>
void expect_names_to_parse(Named last, Parse parse) {
  for (int i = 0; i <= static_cast<int>(last); ++i)
    EXPECT_EQ(parse(name_of(static_cast<Named>(i))), static_cast<Named>(i));
}

TEST(VerdictLine, EveryNameIsParsed) {
  expect_names_to_parse(Part::rest, part_named);
  expect_names_to_parse(End::killed, end_named);
  expect_names_to_parse(OutState::overlapping, out_state_named);
}

}  // namespace
}  // namespace oracles
