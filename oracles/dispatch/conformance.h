// Conformance: one dispatch program on a machine and on the rules, compared after each step: which kernels
// ran, errors by class, the thread's keys, the keys of results, whether arguments are as they were; after
// each registration and drop the whole table with its reasons; at the end, that nothing is left.
#pragma once

#include <optional>
#include <string>

#include "oracles/compare/divergence.h"
#include "oracles/dispatch/machine.h"

namespace oracles {

struct Parting {    // where two machines part
  size_t step = 0;  // the number of statements: at the end
  Kind kind = Kind::value;
  Place place;
  Side left, right;  // the rules, the machine
};

std::string to_text(const Parting& parting);  // for people

struct Conformed {
  std::optional<Parting> parting;
  size_t compared_steps = 0;
  size_t skipped_steps = 0;  // would have run a fallback that is not the program's
};

// `judge` and `machine` begin anew. With `only`, just partings in that part count, and with `entry` only in
// that entry of a table.
Conformed conform(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
                  std::optional<Part> only = {}, std::string_view entry = {});

}  // namespace oracles
