// RulesMachine: a dispatch program carried out by the rules alone. It has no kernels: it says which would
// run. What c10, or a planted bug, does differently is another set of rules, or an override of one function
// here.
#pragma once

#include <map>

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
    int signature = -1;  // of c10: the first typed kernel's flavour, -1 before
    bool named = false;  // of c10: a refused registration has left its name
    bool there() const { return definition >= 0 || !kernels.empty() || named; }
  };
  struct Registered {
    Statement statement;
    reference::Target target = 0;
    std::vector<size_t> slots;  // of a fallback
    bool live = false;
  };
  // What came of a call, or of a part of it.
  struct Ending {
    StepError error = StepError::none;
    engine::DispatchKey missing_at = engine::DispatchKey::Undefined;
    std::vector<engine::KeySet> results;
    bool written = false;  // the result is the argument that is to be written
    bool foreign = false;  // a fallback that is not the program's would run
  };
  struct Running {
    const Statement& call;
    StepOutcome& told;
    int depth = 0;
    bool shares_lists = true;  // nothing between the caller and here has copied its lists
  };

  // --- rules of registering, calling and leaving that planted bugs and c10 override
  virtual bool signature_refused(const Operator& op, const Statement& registration) const;
  virtual reference::Keys argument_keys(const Statement& call, bool typed) const;
  // A fallback came or went at the slot.
  virtual void fallback_changed(Operator& op, size_t slot);
  // The order in which an alias is expanded: lower first.
  virtual size_t expansion_order(size_t slot) const { return slot; }
  virtual void dropped(Operator& op, reference::Target target);  // the newest kernel of a target went
  virtual reference::Keys redispatched(reference::Keys keys) const { return keys; }
  virtual Ending call(Operator& op, Running running, bool typed);
  virtual Ending check_results(Ending ending, const Statement& call) const;  // boxed kernel, typed caller
  virtual bool lists_are_values() const { return true; }
  virtual bool refuses_part(reference::Target) const { return true; }  // Dense without a backend
  virtual bool fallback_is_whole() const { return true; }
  virtual bool needs_schema() const { return true; }
  virtual Ending missing(const Operator& op, const reference::Keys& keys) const;  // a kernel
  virtual bool handle_refused(const Operator&) const { return false; }            // of C++ types
  virtual void refused(Operator&, const Statement&) {}                            // a registration
  virtual void leave(size_t guard);                                               // the place among open_
  virtual void entered() {}
  virtual reference::ThreadSets thread() const { return rules_.guarded(open_); }
  virtual bool stack_kept_on_error(const Statement&) const { return true; }
  virtual void refresh(Operator& op, reference::Target target);

  Ending run(Operator& op, reference::Keys keys, Running running, bool typed);
  Ending go_on(Operator& op, const reference::Keys& keys, Running running, const Statement& kernel);
  Ending plain_result(const Statement& call, bool last) const;
  static Ending failed(StepError error) { return {error, {}, {}, false, false}; }
  bool falls_through(const reference::Found& found) const;
  Operator& operator_of(corpora::ProgramOp op) { return operators_[static_cast<size_t>(op)]; }
  void refresh_all(Operator& op);
  const Statement& kernel(int number) const { return registered_[static_cast<size_t>(number)].statement; }
  bool enter(reference::OpenGuard guard);

  const reference::DispatchRules& rules_;
  std::vector<AmbientFallback> ambient_;
  std::array<Operator, corpora::program_op_count> operators_;
  std::vector<Registered> registered_;
  reference::Newest fallbacks_;
  bool boxed_to_typed_ = false;  // in this step, a boxed call has come to a typed kernel
  std::unique_ptr<RulesMachine> judge_;
  std::vector<reference::OpenGuard> open_;

 private:
  StepError define(const Statement& s);
  StepError implement(const Statement& s);
  StepError fallback(const Statement& s);
  void drop(int number);
  void change(Operator& op, reference::Target target, bool was_there);
};

// The rules by themselves, sound.
const reference::DispatchRules& sound_rules();

}  // namespace oracles
