#include "reports/minimiser.h"

#include <xxhash.h>

#include <set>
#include <utility>

#include "corpora/case/simpler.h"
#include "corpora/case/text.h"

namespace reports {
namespace {

uint64_t hash_of(const corpora::Case& c) {
  const std::string text = corpora::to_text(c);
  return XXH3_64bits(text.data(), text.size());
}

}  // namespace

// After a success the search continues at the same step: that step usually works again, and the steps before
// it have just failed. The search ends when every step has failed, or with the budget.
Minimised minimise(const corpora::Case& c, const corpora::Catalog& catalog,
                   const std::function<bool(const corpora::Case&)>& still_fails, int candidates_max) {
  Minimised best{c, 0};
  std::set<uint64_t> tried{hash_of(c)};
  std::vector<corpora::Case> steps = corpora::simpler(best.smallest, catalog);
  size_t at = 0;
  for (size_t failures = 0; failures < steps.size() && best.candidates_tried < candidates_max;) {
    if (at >= steps.size()) at = 0;
    corpora::Case& candidate = steps[at];
    if (tried.insert(hash_of(candidate)).second) {
      ++best.candidates_tried;
      if (still_fails(candidate)) {
        best.smallest = std::move(candidate);
        steps = corpora::simpler(best.smallest, catalog);
        failures = 0;
        continue;
      }
    }
    ++failures;
    ++at;
  }
  return best;
}

}  // namespace reports
