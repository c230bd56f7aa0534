// Conformance: runs one dispatch program on a machine and on the rules, and compares them after each step:
// which kernels ran, the class of an error, the thread's keys, the keys of results, whether arguments have
// changed; after each registration and drop the whole table with its reasons; at the end, what is left.
#pragma once

#include <optional>
#include <string>

#include "oracles/compare/divergence.h"
#include "oracles/dispatch/machine.h"

namespace oracles {

struct Conformance {
  // The first difference between the rules (left) and the machine (right). Its place's index is the step: the
  // number of statements means after the last one.
  std::optional<Divergence> divergence;
  size_t compared_steps = 0;
  size_t skipped_steps = 0;  // those that would run a fallback that is not the program's
};
std::string to_text(const Conformance& conformance);  // the divergence, for people

// `judge` and `machine` begin anew. With `only`, compares only that part; with `entry`, only that entry of a
// table.
Conformance conform(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
                    std::optional<Part> only = {}, std::string_view entry = {});

}  // namespace oracles
