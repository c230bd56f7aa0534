// LiveMachine: runs a program on a real dispatcher: keeps registrations and guards by their numbers, and ends
// each by destroying it. A dispatcher defines these two types, how it registers and calls, and how it reads
// the thread's keys.
#pragma once

#include "oracles/dispatch/machine.h"

namespace oracles {

template <class Registered, class Guard>
class LiveMachine : public DispatchMachine {
 public:
  StepOutcome step(const corpora::Statement& s) final {
    using corpora::StatementKind;
    StepOutcome outcome;
    outcome_ = &outcome;
    if (s.kind == StatementKind::call) {
      call(s);
    } else if (s.kind == StatementKind::guard) {
      guards_.push_back(std::make_unique<Guard>(s));
    } else if (s.kind == StatementKind::end) {
      guards_[static_cast<size_t>(s.number)].reset();
    } else if (s.kind == StatementKind::unwind) {
      end_guards();
    } else if (s.kind == StatementKind::drop) {
      registered_[static_cast<size_t>(s.number)].reset();
    } else {
      registered_.push_back(std::make_unique<Registered>());
      register_one(s, *registered_.back());
    }
    record_thread_keys(outcome);
    return outcome;
  }

 protected:
  virtual void register_one(const corpora::Statement& s, Registered& made) = 0;
  virtual void call(const corpora::Statement& s) = 0;
  virtual void record_thread_keys(StepOutcome& outcome) const = 0;

  StepOutcome& outcome() const { return *outcome_; }  // of the current step
  // Ends all guards and drops all registrations, the youngest first, and restarts their numbers.
  void close() {
    end_guards();
    for (size_t i = registered_.size(); i-- > 0;) registered_[i].reset();
    guards_.clear();
    registered_.clear();
  }

 private:
  void end_guards() {
    for (size_t i = guards_.size(); i-- > 0;) guards_[i].reset();
  }

  std::vector<std::unique_ptr<Registered>> registered_;  // by number, as the guards are
  std::vector<std::unique_ptr<Guard>> guards_;
  StepOutcome* outcome_ = nullptr;
};

}  // namespace oracles
