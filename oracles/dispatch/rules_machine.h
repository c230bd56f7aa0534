// RulesMachine: runs a dispatch program by the rules alone. It has no kernels; it reports which kernels would
// run. C10Rules and C10RulesMachine (c10_rules.h) override what c10 does differently.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "oracles/dispatch/machine.h"

namespace oracles {

class RulesMachine : public DispatchMachine {
 public:
  explicit RulesMachine(const reference::DispatchRules& rules, std::vector<AmbientFallback> ambient = {});

  DispatchMachine& judge() override;  // the sound rules
  std::vector<AmbientFallback> ambient() const override { return ambient_; }
  void begin() override;
  StepOutcome step(const corpora::Statement& statement) override;
  std::optional<ProgramTable> table(corpora::ProgramOp op) override;
  std::string end() override;

 protected:
  using Statement = corpora::Statement;
  struct Operator {
    int definition = -1;
    std::vector<int> kernels;  // oldest first
    reference::Newest newest;
    std::vector<reference::Found> table;
  };
  struct Registered {
    Statement statement;
    reference::Target target = 0;
    std::vector<size_t> slots;  // of a fallback
    bool live = false;
  };
  // How a call ended, or a kernel.
  struct Ending {
    StepError error = StepError::none;
    engine::DispatchKey missing_at = engine::DispatchKey::Undefined;
    std::vector<engine::KeySet> results;
    bool written = false;  // the result is the written argument
    bool foreign = false;  // a fallback that is not the program's would run
  };
  struct Running {
    const Statement& call;
    StepOutcome& outcome;
    int depth = 0;
  };

  // --- the rules of registering, calling and guarding; C10RulesMachine overrides them
  // Whether the dispatcher knows the operator's name.
  virtual bool exists(const Operator& op) const { return op.definition >= 0 || !op.kernels.empty(); }
  virtual StepError define(const Statement& s);
  virtual StepError implement(const Statement& s);
  virtual StepError fallback(const Statement& s);
  virtual bool signature_refused(const Operator& op, const Statement& registration) const;
  // Kernels or fallbacks for the targets were registered or dropped.
  virtual void changed(Operator& op, const std::vector<reference::Target>&) { refresh_all(op); }
  virtual bool can_be_called(const Operator& op, const Statement&) const { return op.definition >= 0; }
  virtual reference::Keys argument_keys(const Statement& call, bool typed) const;
  // Called when a kernel begins, which was called typed or with a stack.
  virtual void on_kernel(const Statement& kernel, bool typed, const Running& running);
  virtual Ending check_results(Ending ending,
                               const Statement& call) const;  // of a boxed kernel, for a typed call
  virtual Ending missing(const Operator& op, const reference::Keys& keys) const;  // no kernel for these keys
  virtual void enter(reference::OpenGuard guard) { open_.push_back(std::move(guard)); }
  virtual void leave(size_t guard);  // index in open_
  virtual reference::ThreadSets thread() const { return rules_.guarded(open_); }

  static reference::Target target_of(const Statement& implement);
  StepError add_kernel(const Statement& s, reference::Target target);
  // The slots that a fallback's key or alias serves.
  std::vector<size_t> slots_served(const Statement& fallback) const;
  void put_fallback(const std::vector<size_t>& slots);  // of the newest registration
  Ending call(Operator& op, const Running& running, bool typed);
  Ending run(Operator& op, reference::Keys keys, Running running, bool typed);
  Ending call_nested(Operator& op, const reference::Keys& keys, Running running, const Statement& kernel);
  Ending plain_result(const Statement& call, bool last) const;
  static Ending failed(StepError error) { return {error, {}, {}, false, false}; }
  bool falls_through(const reference::Found& found) const;
  Operator& operator_of(corpora::ProgramOp op) { return operators_[static_cast<size_t>(op)]; }
  void refresh_all(Operator& op);
  const Statement& kernel(int number) const { return registered_[static_cast<size_t>(number)].statement; }

  const reference::DispatchRules& rules_;
  std::vector<AmbientFallback> ambient_;
  std::array<Operator, corpora::program_op_count> operators_;
  std::vector<Registered> registered_;
  reference::Newest fallbacks_;
  std::unique_ptr<RulesMachine> judge_;
  std::vector<reference::OpenGuard> open_;

 private:
  void drop(int number);
};

// The rules without deviations.
const reference::DispatchRules& sound_rules();

}  // namespace oracles
