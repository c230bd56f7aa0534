// Writes dispatch programs, statement by statement, and carries them out.
#pragma once

#include "corpora/case/draw_program.h"
#include "oracles/dispatch/machine.h"

namespace properties {

using corpora::Act;
using corpora::Flavour;
using corpora::GuardKind;
using corpora::Program;
using corpora::ProgramArgument;
using corpora::ProgramOp;
using corpora::Statement;
using corpora::StatementKind;
using engine::DispatchKey;
using engine::KeySet;
using oracles::DispatchMachine;
using oracles::StepError;
using oracles::StepOutcome;

inline ProgramArgument tensor_with(KeySet keys) { return {ProgramArgument::Kind::given, keys}; }
inline ProgramArgument none() { return {}; }
inline ProgramArgument undefined() { return {ProgramArgument::Kind::undefined, {}}; }

// Numbers registrations and guards as it goes.
class ProgramWriter {
 public:
  explicit ProgramWriter(DispatchMachine& machine) : machine_(machine) { machine_.begin(); }
  ~ProgramWriter() { machine_.end(); }
  ProgramWriter(const ProgramWriter&) = delete;
  ProgramWriter& operator=(const ProgramWriter&) = delete;

  StepOutcome define(ProgramOp op) {
    return registered(StatementKind::define, op, {}, Act::returns, Flavour::boxed);
  }
  StepOutcome implement(ProgramOp op, DispatchKey key, Act act = Act::returns,
                        Flavour flavour = Flavour::boxed) {
    return registered(StatementKind::implement, op, key, act, flavour);
  }
  StepOutcome fallback(DispatchKey key, Act act) {
    return registered(StatementKind::fallback, {}, key, act, Flavour::boxed);
  }
  // Fallthroughs at the layers that every thread includes, where the machine has none yet.
  void let_through() {
    for (DispatchKey key : {DispatchKey::BackendSelect, DispatchKey::ADInplaceOrView})
      fallback(key, Act::falls_through);
  }
  StepOutcome drop(int number) { return step(StatementKind::drop, number); }
  StepOutcome guard(GuardKind kind, KeySet keys, KeySet excluded = {}) {
    Statement s;
    s.kind = StatementKind::guard;
    s.number = guards_++;
    s.guard = kind;
    s.keys = keys;
    s.excluded = excluded;
    return machine_.step(s);
  }
  StepOutcome end(int guard) { return step(StatementKind::end, guard); }
  StepOutcome call(ProgramOp op, std::vector<ProgramArgument> arguments, bool typed = false) {
    return call_at(op, std::move(arguments), typed, nullptr);
  }
  StepOutcome call_at(ProgramOp op, std::vector<ProgramArgument> arguments, bool typed, const KeySet* keys) {
    Statement s;
    s.kind = StatementKind::call;
    s.op = op;
    s.typed = typed;
    s.redispatch = keys != nullptr;
    if (keys) s.keys = *keys;
    s.arguments = std::move(arguments);
    return machine_.step(s);
  }

 private:
  StepOutcome registered(StatementKind kind, ProgramOp op, DispatchKey key, Act act, Flavour flavour) {
    Statement s;
    s.kind = kind;
    s.number = registered_++;
    s.op = op;
    s.key = key;
    s.act = act;
    s.flavour = flavour;
    return machine_.step(s);
  }
  StepOutcome step(StatementKind kind, int number) {
    Statement s;
    s.kind = kind;
    s.number = number;
    return machine_.step(s);
  }

  DispatchMachine& machine_;
  int registered_ = 0, guards_ = 0;
};

// Carries out a program and shows `look` each statement with what came of it; ends it all the same.
template <class Look>
std::string carry_out(DispatchMachine& machine, const Program& program, Look&& look) {
  machine.begin();
  std::string fault;
  for (const Statement& s : program) {
    fault = look(s, machine.step(s));
    if (!fault.empty()) {
      fault = corpora::to_text(s) + ": " + fault;
      break;
    }
  }
  const std::string left = machine.end();
  return fault.empty() ? left : fault;
}

}  // namespace properties
