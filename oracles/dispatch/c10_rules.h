// The rules with the known deviations of c10: each override is a row of engine/dispatch/deviations.h, whose
// name is in its comment. A deviation that a version does not have is a field of C10Version. A difference
// between c10 and these rules is a finding.
#pragma once

#include <set>
#include <string>

#include "oracles/dispatch/rules_machine.h"

namespace oracles {

// How versions of c10 differ in their rules.
struct C10Version {
  bool meta_is_highest = false;        // the backend: since 2.0
  bool effective_mask = false;         // mask_by_effective_backend: since 2.0, c10 follows the rule
  bool guards_save_keys = false;       // the end of a guard restores the keys that the guard found
  bool finds_every_stale_slot = true;  // when it checks the table, before it reports a missing kernel
  bool maia_has_autograd = false;      // AutogradMAIA is the autograd key of a backend
  bool fallback_is_replaced = false;   // of AutogradPrivateUse1: a second one is accepted
};

class C10Rules : public reference::DispatchRules {
 public:
  // `known`: the layers that this c10 has.
  C10Rules(const C10Version& version, std::set<std::string, std::less<>> known)
      : version_(version), known_(std::move(known)) {}

  const C10Version& version() const { return version_; }

  reference::Key highest(const reference::Keys& keys) const override;  // no_backend_bit
  int highest_backend(const reference::Keys& keys) const override;     // meta_is_highest
  int backend_of_mask(const reference::Keys& arguments, const reference::Keys& keys) const override;
  bool passes_fallthroughs() const override { return false; }              // redispatch_passes_fallthrough
  bool serves(reference::Alias alias, reference::Key key) const override;  // functionalize_decomposes
  std::vector<reference::Key> backends_of_autograd(
      reference::Key key) const override;  // autograd_of_every_backend
  bool has_backend_kernel(const reference::Newest& newest,
                          size_t slot) const override;  // building_block_refused
  // Whether a registration for `target` makes c10 resolve the slot again.
  bool refreshes(reference::Target target, reference::Key slot) const;  // explicit_refreshes_autograd
  reference::ThreadSets initial() const override;
  bool has_own_autograd(std::string_view backend) const;
  int rank(int backend) const;  // the higher one decides
  bool knows(reference::Key key) const {
    return key.layer == 0 || known_.contains(reference::layers()[static_cast<size_t>(key.layer)].name);
  }

 private:
  C10Version version_;
  std::set<std::string, std::less<>> known_;
};

class C10RulesMachine : public RulesMachine {
 public:
  C10RulesMachine(const C10Rules& rules, std::vector<AmbientFallback> ambient);

  void begin() override;
  StepOutcome step(const corpora::Statement& statement) override;
  // c10 computes the table that it reports; calls use another one.
  std::optional<ProgramTable> table(corpora::ProgramOp op) override;

 protected:
  bool exists(const Operator& op) const override;    // refusal_changes_nothing
  StepError define(const Statement& s) override;     // refusal_changes_nothing
  StepError implement(const Statement& s) override;  // building_block_refused
  StepError fallback(const Statement& s) override;   // fallback_alias_whole
  void changed(Operator& op,
               const std::vector<reference::Target>& targets) override;  // explicit_refreshes_autograd
  bool signature_refused(const Operator& op, const Statement& registration) const override;
  // no_schema_is_said, signature_of_the_living
  bool can_be_called(const Operator& op, const Statement& call) const override;
  reference::Keys argument_keys(const Statement& call, bool typed) const override;
  void on_kernel(const Statement& kernel, bool typed, const Running& running) override;  // lists_are_values
  Ending check_results(Ending ending, const Statement& call) const override;
  Ending missing(const Operator& op,
                 const reference::Keys& keys) const override;  // explicit_refreshes_autograd
  Ending stale_table() const;
  void enter(reference::OpenGuard guard) override;
  void leave(size_t guard) override;  // guards_restore_backends, guards_in_any_order
  reference::ThreadSets thread() const override { return now_; }

 private:
  struct Taken {  // what the end of a guard removes or restores
    reference::Keys keys;
    reference::ThreadSets before;
  };
  // What c10 keeps of an operator in addition to its registrations.
  struct Kept {
    int signature = -1;  // the flavour of the first typed kernel; -1: none yet
    bool named = false;  // a refused registration has left the operator's name
  };
  Kept& kept(const Operator& op) { return kept_[static_cast<size_t>(&op - operators_.data())]; }
  const Kept& kept(const Operator& op) const { return kept_[static_cast<size_t>(&op - operators_.data())]; }
  void keep_name(Operator& op);
  bool stack_kept_on_error(const Statement& call) const;  // stack_on_error
  // c10 compares two kernels by their functions, not by their state.
  int function_of(const reference::Found& found) const;

  const C10Rules& c10_;
  reference::ThreadSets now_;
  std::vector<Taken> taken_;
  std::array<Kept, corpora::program_op_count> kept_;
  bool shares_lists_ = true;     // in this step, the caller's lists have not been copied
  bool boxed_to_typed_ = false;  // in this step, a boxed call has reached a typed kernel
};

}  // namespace oracles
