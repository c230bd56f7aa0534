// Rewrite: the program of a case with its last call in another form (forms.h).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "oracles/relations/forms.h"
#include "oracles/trial/trial.h"

namespace oracles {

struct OutTensor {
  int32_t input = -1;        // the out (or self) argument: an input of the rewritten program
  int32_t surrounding = -1;  // an input that views its whole storage, or -1
};

struct Rewritten {
  corpora::Case program;
  std::vector<OutTensor> outs;  // one for each tensor of the functional result
  bool writes_overlap = false;  // an out has several indices for one element: the form may reject it
};

// The outs have the sizes and dtypes of the functional run. Empty, with the reason in `why`, if the form does
// not fit the case. An argument that overlaps itself is written if the result is then defined, which runs
// along `path` may have to show.
std::optional<Rewritten> rewrite(Trial& trial, const Form& form, const Outcome& functional, std::string& why,
                                 const corpora::Path& path);

}  // namespace oracles
