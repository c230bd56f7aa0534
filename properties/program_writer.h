// Writes dispatch programs statement by statement and runs each statement on a machine.
#pragma once

#include "corpora/case/draw_program.h"
#include "corpora/case/text.h"
#include "oracles/dispatch/machine.h"
#include "properties/law.h"

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

// A case that is this program.
inline Case case_of(Program program) {
  Case c;
  c.calls.push_back({std::string(corpora::program_operator), {}, {}});
  c.program = std::move(program);
  return c;
}

// Numbers the registrations and guards in order.
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
  // Fallthroughs at the keys that every thread includes, unless the machine has them.
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
    return step(s);
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
    return step(s);
  }

  // The program so far breaks a law.
  Tried broken(const std::string& what) const {
    return properties::broken(what + "\n" + corpora::to_text(case_of(program_)));
  }
  Tried held_if(bool holds, const std::string& what) const { return holds ? held() : broken(what); }

 private:
  StepOutcome registered(StatementKind kind, ProgramOp op, DispatchKey key, Act act, Flavour flavour) {
    Statement s;
    s.kind = kind;
    s.number = registered_++;
    s.op = op;
    s.key = key;
    s.act = act;
    s.flavour = flavour;
    return step(s);
  }
  StepOutcome step(StatementKind kind, int number) {
    Statement s;
    s.kind = kind;
    s.number = number;
    return step(s);
  }
  StepOutcome step(const Statement& s) {
    program_.push_back(s);
    return machine_.step(s);
  }

  DispatchMachine& machine_;
  Program program_;
  int registered_ = 0, guards_ = 0;
};

// What `write` returns of a program that it writes.
template <class Write>
auto last_of(DispatchMachine& machine, Write&& write) {
  ProgramWriter writer(machine);
  return write(writer);
}

// Runs a program. `look` tries a law on each statement and its outcome. The law counts as tried if one of
// these attempts does. It is also broken if the machine has registrations or guards left at the end.
template <class Look>
Tried carry_out(DispatchMachine& machine, const Program& program, Look&& look) {
  machine.begin();
  Tried all = not_tried("no statement concerns the law");
  for (const Statement& s : program) {
    const Tried one = look(s, machine.step(s));
    if (one.answer == Tried::Answer::not_tried) continue;
    all = one;
    if (one.answer != Tried::Answer::broken) continue;
    all.what = corpora::to_text(s) + ": " + one.what;
    break;
  }
  const std::string left = machine.end();
  return all.answer == Tried::Answer::broken || left.empty() ? all : broken(left);
}

}  // namespace properties
