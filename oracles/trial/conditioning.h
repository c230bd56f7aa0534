// Conditioning: whether rounding explains a difference of values. An author's operator composes many
// operations and declares no accuracy. If its inputs, each changed by one unit in the last place, change an
// element as much as the two sides differ there, then rounding inside of the operator may do the same.
#pragma once

#include "oracles/trial/settle.h"

namespace oracles {

// The case with a contiguous copy of each input that shares its memory with no other one. Elements of an
// expanded view can then change independently.
corpora::Case with_copies(const Trial& trial);

// Runs the left side a few times with inputs that are changed so. True if all these runs return, and if
// rounding explains each element of the differing call that differs by more than the bound of the verdict.
bool rounding_explains(Trial& trial, const Disagreement& disagreement, const Verdict& verdict);

}  // namespace oracles
