// LiveMachine: the walk of a program over a real dispatcher: what its statements number, when each thing is
// made, and when it goes. A dispatcher brings its registrations and guards, which end by being destroyed, how
// it is registered with and called, and the thread's keys.
#pragma once

#include "oracles/dispatch/machine.h"

namespace oracles {

template <class Registered, class Guard>
class LiveMachine : public DispatchMachine {
 public:
  StepOutcome step(const corpora::Statement& s) final {
    using corpora::StatementKind;
    StepOutcome told;
    told_ = &told;
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
    tell_thread_keys(told);
    return told;
  }

 protected:
  virtual void register_one(const corpora::Statement& s, Registered& made) = 0;
  virtual void call(const corpora::Statement& s) = 0;
  virtual void tell_thread_keys(StepOutcome& told) const = 0;

  // Of the step being made.
  StepOutcome& told() const { return *told_; }
  // Ends what is open and drops what is registered, the youngest first, and forgets their numbers.
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
  StepOutcome* told_ = nullptr;
};

}  // namespace oracles
