// Mistakes: gathers the findings of one operator into mistakes: findings that one change of the operator's
// code would end. Experiments and features decide, never sentences: whether one finding shows in the two
// plain sides of another one (then its cause explains the other), whether the smallest case of one shows
// both, and whether both need the same layout. Findings without such evidence are different mistakes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/finding.h"

namespace reports {

// One oracle's verdict on a case along the path of its header; an empty path lets the oracle choose.
using Judge = std::function<oracles::Verdict(const corpora::Case&, const std::string& oracle)>;

struct Mistake {
  size_t primary = 0;        // the plainest finding; of those that no known entry explains, if there are any
  std::vector<size_t> also;  // the others, the plainest first
};

// Of the findings of one operator. `together` lists findings that stay in one mistake, because an earlier run
// has gathered them. The result does not depend on the order of the findings.
std::vector<Mistake> mistakes_of(const std::vector<const Finding*>& findings,
                                 const std::vector<std::vector<size_t>>& together, const Judge& judge);

}  // namespace reports
