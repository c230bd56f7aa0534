// Drawn dispatch programs, for laws of dispatching.
#pragma once

#include "properties/program_tables.h"
#include "properties/program_writer.h"

namespace properties {

inline Case draw_any(DispatchMachine&, ChoiceSource& choices) {
  return case_of(corpora::draw_program(choices));
}

// Without kernels that break their contract.
inline Case draw_honest(DispatchMachine&, ChoiceSource& choices) {
  Program program = corpora::draw_program(choices);
  for (Statement& s : program)
    if (s.act == Act::other_tensor || s.act == Act::two_results) s.act = Act::returns;
  return case_of(std::move(program));
}

// One kernel in four does `act`.
template <Act act>
Case draw_with(DispatchMachine& machine, ChoiceSource& choices) {
  Case c = draw_honest(machine, choices);
  for (Statement& s : c.program)
    if (s.registers() && choices.chance(1, 4)) s.act = act;
  return c;
}

inline Case draw_registrations(DispatchMachine&, ChoiceSource& choices) {
  return case_of(registrations_of(corpora::draw_program(choices)));
}

}  // namespace properties
