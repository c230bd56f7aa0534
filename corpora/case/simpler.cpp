#include "corpora/case/simpler.h"

#include <array>

#include "corpora/case/simpler_edit.h"
#include "corpora/case/simpler_passes.h"

namespace corpora {
namespace {

using Pass = void (*)(Candidates&, const Catalog&);

// Fewer calls and arguments first, then changes of all inputs together, then single changes.
constexpr std::array<Pass, 11> passes{propose_program,    propose_calls,   propose_layers,
                                      propose_arguments,  propose_layouts, propose_shapes,
                                      propose_dtypes,     propose_fills,   propose_each_argument,
                                      propose_each_shape, propose_values};

}  // namespace

std::vector<Case> simpler(const Case& c, const Catalog& catalog) {
  const Measure base_measure = measure_of(c, catalog);
  std::vector<Case> accepted;
  std::vector<Measure> measures;  // of those; different measures are compared faster than different cases
  const auto is_known = [&](const Case& candidate, const Measure& measure) {
    for (size_t i = 0; i < accepted.size(); ++i)
      if (measures[i] == measure && accepted[i] == candidate) return true;
    return false;
  };
  for (Pass pass : passes) {
    Candidates candidates(c);
    pass(candidates, catalog);
    for (Case& candidate : candidates.take()) {
      edit::drop_unused(candidate);
      if (candidate.header.path.empty() && !c.header.path.empty()) continue;
      const Measure measure = measure_of(candidate, catalog);
      if (!(measure < base_measure) || is_known(candidate, measure) || !fault_of(candidate).empty()) continue;
      accepted.push_back(std::move(candidate));
      measures.push_back(measure);
    }
  }
  return accepted;
}

}  // namespace corpora
