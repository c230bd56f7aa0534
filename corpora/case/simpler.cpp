#include "corpora/case/simpler.h"

#include <array>

#include "corpora/case/simpler_edit.h"
#include "corpora/case/simpler_passes.h"

namespace corpora {
namespace {

using Pass = void (*)(Candidates&, const Catalog&);

// Fewer calls and arguments first, then what all inputs can give up together, then one thing at a time.
constexpr std::array<Pass, 11> passes{propose_program,    propose_calls,   propose_layers,
                                      propose_arguments,  propose_layouts, propose_shapes,
                                      propose_dtypes,     propose_fills,   propose_each_argument,
                                      propose_each_shape, propose_values};

class Accepted {
 public:
  Accepted(const Case& base, const Catalog& catalog)
      : base_(base), catalog_(catalog), base_measure_(measure_of(base, catalog)) {}

  void offer(Case candidate) {
    edit::drop_unused(candidate);
    if (candidate.header.path.empty() && !base_.header.path.empty()) return;
    const Measure measure = measure_of(candidate, catalog_);
    if (!(measure < base_measure_)) return;
    for (size_t i = 0; i < cases_.size(); ++i)
      if (measures_[i] == measure && cases_[i] == candidate) return;
    if (!fault_of(candidate).empty()) return;
    cases_.push_back(std::move(candidate));
    measures_.push_back(measure);
  }
  std::vector<Case> take() { return std::move(cases_); }

 private:
  const Case& base_;
  const Catalog& catalog_;
  const Measure base_measure_;
  std::vector<Case> cases_;
  std::vector<Measure> measures_;
};

}  // namespace

std::vector<Case> simpler(const Case& c, const Catalog& catalog) {
  Accepted accepted(c, catalog);
  for (Pass pass : passes) {
    Candidates candidates(c);
    pass(candidates, catalog);
    for (Case& candidate : candidates.take()) accepted.offer(std::move(candidate));
  }
  return accepted.take();
}

}  // namespace corpora
