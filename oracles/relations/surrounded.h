// Surrounded: a program with operators around its last call that fusers fuse. Before the call, each input
// that it uses is doubled, and the call gets an alias of it, which nothing else refers to. After the call,
// each of the doubled inputs is doubled again, and so is each tensor that the call returns. A fuser that
// merges the two doublings moves one of them across the call, which is right only if the call writes and
// returns the memory that its schema declares.
#pragma once

#include <optional>
#include <vector>

#include "corpora/case/case.h"
#include "oracles/outcome.h"
#include "oracles/trial/effects.h"

namespace oracles {

struct Surrounded {
  corpora::Case program;
  int last = 0;  // the program's last call, in the original program

  // The call of the original program that a call of this one belongs to.
  int original(int call) const { return call < last ? call : last; }
};

// `uses`, `direct`: of the original program. With `through_aliases`, the last call gets aliases of inputs
// that it does not write. Empty if the program raises.
std::optional<Surrounded> surrounded(const corpora::Case& c, const std::vector<TensorUse>& uses,
                                     const Outcome& direct, bool through_aliases = true);

}  // namespace oracles
