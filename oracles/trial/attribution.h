// Attribution: whether the library under test explains a divergence in an author's operator. An experiment
// decides: the calls of the library that the author's kernel makes on both sides are judged by themselves,
// under the same oracle. If one of them differs in the same way, the divergence is not the author's. Nor is
// one that the author's call does not show without the library's calls that the program makes before it.
#pragma once

#include <vector>

#include "oracles/oracle.h"
#include "oracles/trial/trial.h"

namespace oracles {

// The oracle's check, where a divergence that the library explains is incomparable and names the library's
// operator.
Verdict check_and_attribute(Trial& trial, const Oracle& oracle);

// The library's calls that the author's call number `call` makes in the direct run, each as a case with the
// paths on which it meets what `path` asks for. For a death, after which no trace of the other side is left.
std::vector<corpora::Case> nested_cases(Trial& trial, const corpora::Path& path, int call);

}  // namespace oracles
