// Forms: the in-place and out= forms of an operator, found in the catalog by base name and argument types.
// Each pair (form, state of out) has a number, the n of the path layer form(n), so that replays and smaller
// cases use the same form. Other rewritten programs have numbers, too.
#pragma once

#include <vector>

#include "corpora/case/catalog.h"
#include "oracles/compare/side.h"

namespace oracles {

// Numbers of rewritten programs that are not forms of one operator. They are larger than any form's number.
namespace rewriting {
inline constexpr int32_t first = 1 << 16;
inline constexpr int32_t wide = first;       // real inputs are copies in f64 (precision)
inline constexpr int32_t after = first + 1;  // other calls run first (history)
inline constexpr int32_t spelled =
    2 * first;  // and above: an equivalent spelling of the arguments (arguments)
}  // namespace rewriting

struct Form {
  const corpora::Operator* op = nullptr;
  OutState state = OutState::none;
};

// Whether the call reads the memory that it writes. It must return the functional result, or raise.
bool reads_what_it_writes(OutState state);

// All forms of a functional operator, by their numbers. Empty if it has none, or if the operator is an
// in-place or out= form itself.
std::vector<Form> other_forms(const corpora::Catalog& catalog, const corpora::Operator& functional);

}  // namespace oracles
