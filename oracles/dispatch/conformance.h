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
  std::string where;        // "kernels", "table at AutogradCPU" ...
  std::string left, right;  // the rules, the machine
};

struct Conformed {
  std::optional<Parting> parting;
  size_t compared_steps = 0;
  size_t skipped_steps = 0;  // would have run a fallback that is not the program's
};

// `judge` and `machine` begin anew. With `only`, just partings whose `where` begins so count.
Conformed conform(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
                  std::string_view only = {});

}  // namespace oracles
