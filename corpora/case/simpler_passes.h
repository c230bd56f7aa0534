// The passes of simpler(). Each proposes candidates; simpler() keeps those that are well formed and smaller.
#pragma once

#include <type_traits>
#include <utility>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/simpler.h"

namespace corpora {

class Candidates {
 public:
  explicit Candidates(const Case& base) : base_(base) {}

  const Case& base() const { return base_; }
  // A copy of the base, changed by `edit`; no candidate if `edit` returns false.
  template <class Edit>
  void with(Edit&& edit) {
    Case candidate = base_;
    if constexpr (std::is_void_v<decltype(edit(candidate))>)
      edit(candidate);
    else if (!edit(candidate))
      return;
    list_.push_back(std::move(candidate));
  }
  std::vector<Case> take() { return std::move(list_); }

 private:
  const Case& base_;
  std::vector<Case> list_;
};

void propose_program(Candidates& candidates, const Catalog& catalog);
void propose_calls(Candidates& candidates, const Catalog& catalog);
void propose_layers(Candidates& candidates, const Catalog& catalog);
void propose_arguments(Candidates& candidates, const Catalog& catalog);      // all of a call at once
void propose_each_argument(Candidates& candidates, const Catalog& catalog);  // one by one
void propose_layouts(Candidates& candidates, const Catalog& catalog);
void propose_shapes(Candidates& candidates, const Catalog& catalog);      // all inputs at once
void propose_each_shape(Candidates& candidates, const Catalog& catalog);  // one by one
void propose_dtypes(Candidates& candidates, const Catalog& catalog);
void propose_fills(Candidates& candidates, const Catalog& catalog);
void propose_values(Candidates& candidates, const Catalog& catalog);

void measure_program(const Program& program, Measure& measure);

}  // namespace corpora
