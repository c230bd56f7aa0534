// Broken dispatchers: the rules with one of them broken, each in a way that happens in real dispatchers. A
// machine made here is a whole dispatcher otherwise, so that what objects to it objects to that rule.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "oracles/dispatch/rules_machine.h"

namespace oracles {

struct BrokenDispatch {
  std::string_view name;  // "dispatch_guard_leaks"
  int invariant;          // INV-nn of the rules of dispatching
  std::string_view mistake;
  std::unique_ptr<DispatchMachine> (*make)();
  // Shown by a fifth of the drawn programs at most, and by some of a thousand: only then does finding it say
  // something of the oracle. The others are for the invariants alone.
  bool planted = true;
};
std::span<const BrokenDispatch> all_broken_dispatch();
std::unique_ptr<DispatchMachine> broken_dispatch(std::string_view name);  // nullptr: there is none

}  // namespace oracles
