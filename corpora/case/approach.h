// approach: a call that an operator with demands may accept, from calls that it accepted or refused before.
// Ranks, relations of sizes, dtypes and flags that belong together are not guessed at once: each change that
// brings another error is a step, and the next change begins there.
#pragma once

#include <vector>

#include "corpora/case/mutate.h"

namespace corpora {

// Calls of one operator, in the order in which they were met. Of those that it refused, each raised another
// error, and the later ones came further.
struct Attempts {
  std::vector<const Case*> accepted, refused;

  bool empty() const { return accepted.empty() && refused.empty(); }
};

// A change of one of the attempts: mostly of an accepted one, if there is any. At least one attempt. The
// result is well formed, its calls are to operators of the catalog with a value for each argument, and the
// same choices give the same case.
Case approach(const Attempts& attempts, const Supply& supply, ChoiceSource& choices);

}  // namespace corpora
