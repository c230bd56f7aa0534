// Forms: the other forms of an operator call (in-place, out=), found in the catalog by base name and argument
// types, and the program rewritten to use one. Each pair (form, state of out) has a number, so that the path
// layer form(n) names it in replays, and keeps naming it while a case is made smaller.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "oracles/compare/side.h"

namespace oracles {

class Trial;

// Whether the call reads the memory that it writes: it computes the same all the same, or it is refused.
bool reads_what_it_writes(OutState state);

struct Form {
  const corpora::Operator* op = nullptr;
  OutState state = OutState::none;
};

// All forms of a functional operator, in a fixed order; their indices are the numbers of form(n).
// Empty when it has none, or is itself an in-place or out= operator.
std::vector<Form> other_forms(const corpora::Catalog& catalog, const corpora::Operator& functional);

struct OutTensor {
  int32_t input = -1;        // the out (or self) argument, as an input of the rewritten program
  int32_t surrounding = -1;  // an input that shows its whole storage, or -1
};

struct Rewritten {
  corpora::Case program;
  std::vector<OutTensor> outs;  // one for each tensor of the functional result
};

// The case with its last call in another form; sizes and dtypes of the outs are those of the functional run.
// Nothing, and why, when the form cannot take this case.
std::optional<Rewritten> rewrite(const Trial& trial, const Form& form, const Outcome& functional,
                                 std::string& why);

}  // namespace oracles
