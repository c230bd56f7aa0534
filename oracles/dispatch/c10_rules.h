// What c10 of PyTorch 1.13 does where it is known to deviate: each override is a row of
// engine/dispatch/deviations.h, named beside it. A difference between c10 and these rules is a finding.
#pragma once

#include <set>
#include <string>

#include "oracles/dispatch/rules_machine.h"

namespace oracles {

class C10Rules : public reference::DispatchRules {
 public:
  // `known`: the layers that this c10 has.
  explicit C10Rules(std::set<std::string, std::less<>> known) : known_(std::move(known)) {}

  reference::Key highest(const reference::Keys& keys) const override;  // no_backend_bit
  int highest_backend(const reference::Keys& keys) const override;     // meta_is_highest
  int backend_of_mask(const reference::Keys& arguments, const reference::Keys& keys) const override;
  bool passes_fallthroughs() const override { return false; }              // redispatch_passes_fallthrough
  bool serves(reference::Alias alias, reference::Key key) const override;  // functionalize_decomposes
  std::vector<reference::Key> backends_of_autograd(
      reference::Key key) const override;  // autograd_of_every_backend
  bool has_backend_kernel(const reference::Newest& newest,
                          size_t slot) const override;  // building_block_refused
  bool refreshes(reference::Target target,
                 reference::Key slot) const override;  // explicit_refreshes_autograd
  reference::ThreadSets initial() const override;
  bool knows(reference::Key key) const {
    return key.layer == 0 || known_.contains(reference::layers()[static_cast<size_t>(key.layer)].name);
  }

 private:
  std::set<std::string, std::less<>> known_;
};

class C10RulesMachine : public RulesMachine {
 public:
  C10RulesMachine(const C10Rules& rules, std::vector<AmbientFallback> ambient);

  void begin() override;
  // c10 tells a table that it makes anew, not the one that calls go by.
  std::optional<ProgramTable> table(corpora::ProgramOp op) override;

 protected:
  bool signature_refused(const Operator& op, const Statement& registration) const override;
  reference::Keys argument_keys(const Statement& call, bool typed) const override;
  Ending check_results(Ending ending, const Statement& call) const override;
  bool lists_are_values() const override { return false; }
  bool refuses_part(reference::Target) const override { return false; }  // building_block_refused
  bool fallback_is_whole() const override { return false; }              // fallback_alias_whole
  bool needs_schema() const override { return false; }                   // no_schema_is_said
  Ending missing(const Operator& op,
                 const reference::Keys& keys) const override;  // explicit_refreshes_autograd
  bool handle_refused(const Operator& op) const override;      // signature_of_the_living
  void refused(Operator& op, const Statement& registration) override;
  bool stack_kept_on_error(const Statement& call) const override;  // stack_on_error
  void fallback_changed(Operator& op, size_t slot) override { refresh(op, slot); }
  size_t expansion_order(size_t slot) const override;
  void entered() override;
  void leave(size_t guard) override;  // guards_restore_backends, guards_in_any_order
  reference::ThreadSets thread() const override { return now_; }

 private:
  struct Taken {  // what a guard takes away again
    reference::Keys keys;
    reference::ThreadSets before;
  };
  // What c10 compares of two kernels: the functions behind them, not their state.
  int function_of(const reference::Found& found) const;

  const C10Rules& c10_;
  reference::ThreadSets now_;
  std::vector<Taken> taken_;
};

}  // namespace oracles
