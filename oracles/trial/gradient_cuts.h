// Gradient cuts: whether an author's operator stops a gradient on purpose, which no schema declares. An
// experiment decides, with the author's calls by themselves, each tensor argument in memory of its own. What
// an operator does for all ranks that it accepts is on purpose: no gradient reaches an argument, because its
// formula returns an undefined one or because it computes without history, or it calls detach. If it does so
// for some ranks only, that is a mistake; so is a gradient of zeros that is not the derivative.
#pragma once

#include <string>
#include <vector>

#include "oracles/oracle.h"
#include "oracles/trial/trial.h"

namespace oracles {

// Why the gradients of the program's calls up to number `last` need not be derivatives, or empty. `trace` is
// of the direct run, with arguments. A single call is judged again, with the arguments constant that no
// gradient reaches: a mistake beside a cut is found.
// `forward`: in forward mode, where an operator that passes no tangents on for any rank has no formula.
std::string gradient_cut(Trial& trial, const Oracle& oracle, const std::vector<TraceEntry>& trace, int last,
                         bool forward);

}  // namespace oracles
