// Fuser: runs groups of operators as one compiled kernel, and with the fallback, the interpreter on the
// original graph, whenever the kernel cannot serve.
//   const int64_t key = fuser.add(group);  fuser.run(key, stack);
// Promises: keys are dense from 0; groups that differ in nothing but the numbers of their values have one
// key. run() takes the group's inputs from the stack and pushes its outputs, in both ways; deeper values are
// not touched, and a run that raises leaves the stack as it was. Results have the elements, dtypes, sizes and
// strides of the calls one by one. Each fallback is counted with its reason. Groups can be added and run from
// many threads. Refuses, with Error, a key that it did not give (the stack stays as it is), and a group that
// breaks a rule of graphs, contains a constant tensor or returns an element of a list.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "engine/fuser/bound_plan.h"
#include "engine/ir/alias.h"

namespace engine::fuser {

// The steps of a fuser, which a test may replace by wrong ones.
struct FuserSteps {
  std::string (*key)(const ir::Graph& group);
  FallbackReason (*why_not)(std::span<const Value> inputs);  // before the plan
  PlanKey (*plan_key)(std::span<const Value> inputs);
  GroupPlan (*plan)(const ir::Graph& group, std::span<const Tensor> inputs);
  SourceWriter source;
  void (*interpret)(const ir::Graph& group, Dispatcher& dispatcher, Stack& stack);
  // fused_program.h
  bool (*may_move)(const ir::Graph& graph, const ir::AliasAnalysis& analysis, size_t node, size_t across);
};
FuserSteps usual_steps();

struct FuserSettings {
  bool enabled = true;
  std::string compiler = "cc";
  std::string folder = Compiler::usual_folder();
  size_t kernels_max = 512;
  FuserSteps steps = usual_steps();
};

struct FuserCounts {
  uint64_t fused = 0;
  std::array<uint64_t, fallback_reason_count> fallbacks{};  // by reason

  uint64_t fallback(FallbackReason reason) const { return fallbacks[static_cast<size_t>(reason)]; }
};

class Fuser {
 public:
  explicit Fuser(Dispatcher& dispatcher, FuserSettings settings = {});

  int64_t add(const ir::Graph& group);
  void run(int64_t key, Stack& stack);
  // False: nothing has changed, and the fallback is to run.
  bool run_fused(int64_t key, Stack& stack);
  void run_fallback(int64_t key, Stack& stack);

  void set_enabled(bool enabled) { enabled_ = enabled; }
  const FuserSteps& steps() const { return settings_.steps; }
  Dispatcher& dispatcher() const { return dispatcher_; }
  FuserCounts counts() const;
  size_t group_count() const;
  size_t kernel_count() const { return kernels_.size(); }
  std::string compiler_message() const;  // the last one; empty if every kernel was compiled

 private:
  static constexpr size_t plans_max = 32;  // of one group

  struct Group {
    ir::Graph graph;
    std::mutex mutex;
    std::vector<std::shared_ptr<const BoundPlan>> plans;  // most recent first
  };

  Group& group(int64_t key) const;
  std::shared_ptr<const BoundPlan> plan_for(Group& group, std::span<const Value> inputs);
  FallbackReason try_fused(Group& group, Stack& stack);

  Dispatcher& dispatcher_;
  FuserSettings settings_;
  std::atomic<bool> enabled_;
  KernelCache kernels_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<Group>> groups_;
  std::unordered_map<std::string, int64_t> keys_;
  std::atomic<uint64_t> fused_{0};
  std::array<std::atomic<uint64_t>, fallback_reason_count> fallbacks_{};
  std::string compiler_message_;
};

// Why inputs cannot be those of a fused kernel; none if they can.
FallbackReason why_not_fused(std::span<const Value> inputs);

}  // namespace engine::fuser
