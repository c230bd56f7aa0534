#include "oracles/isolation/child.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <filesystem>
#include <fstream>

#include "engine/core/address_sanitizer.h"
#include "oracles/isolation/child_directory.h"
#include "oracles/subjects/host.h"

namespace oracles {
namespace {

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

TEST(Child, DeathKeepsTheLastLinesThatWerePrinted) {
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
  const auto both_streams = [] {
    fmt::print("to the output\n");
    fmt::print(stderr, "to the error\n");
    fmt::print("again\n");
  };
  EXPECT_EQ(dying(both_streams).last_output, "to the output\nto the error\nagain");
  EXPECT_EQ(dying([] {}).last_output, "");
}

TEST(Child, MessageOfTheCLibraryIsKept) {
  if (engine::has_address_sanitizer) GTEST_SKIP() << "AddressSanitizer reports the call itself";
  const auto answer = run_in_child({}, []() -> std::string {
    alignas(16) char on_the_stack[64] = {};
    void* volatile pointer = on_the_stack + 16;
    std::free(pointer);
    return {};
  });
  ASSERT_TRUE(answer.death);
  EXPECT_EQ(answer.death->side.signal, SIGABRT);
  // Which of its checks notices depends on the version of the C library.
  EXPECT_TRUE(answer.death->side.last_output.ends_with("(): invalid pointer"))
      << answer.death->side.last_output;
}

TEST(Child, CrashHandlersAreKeptOnRequest) {
  if (engine::has_address_sanitizer) GTEST_SKIP() << "AddressSanitizer has handlers of its own";
  const auto last_output = [](bool keep) {
    return run_in_child({},
                        [=]() -> std::string {
                          struct sigaction action{};
                          action.sa_flags = SA_RESETHAND;
                          action.sa_handler = [](int number) {
                            fmt::print(stderr, "handled\n");
                            raise(number);
                          };
                          sigaction(SIGSEGV, &action, nullptr);
                          if (keep) keep_crash_handlers();
                          const Death death = *run_in_child({}, []() -> std::string {
                                                 raise(SIGSEGV);
                                                 return {};
                                               }).death;
                          return fmt::format("{}: {}", death.side.signal == SIGSEGV, death.side.last_output);
                        })
        .text;
  };
  EXPECT_EQ(last_output(false), "true: ");
  EXPECT_EQ(last_output(true), "true: handled");
}

TEST(Child, MemoryIsWatchedWhereTheAddressSpaceHasNoLimit) {
  const auto fill = []() -> std::string {
    for (std::vector<std::string> blocks;;) blocks.emplace_back(1 << 24, 'x');
  };
  // In a child, because the parent's limit cannot be restored.
  const ChildAnswer answer = run_in_child({}, [&] {
    lift_address_space_limit();
    const ChildAnswer inner = run_in_child({20, 256, {}}, fill);
    return std::string(inner.death && inner.death->cause == Death::Cause::memory ? "memory" : "another end");
  });
  EXPECT_EQ(answer.text, "memory");
}

}  // namespace
}  // namespace oracles
