// CaseOrder: which operator case `index` calls, and from which choices it is drawn. Round robin: every round
// visits each selected operator as often as it is listed, mostly once, in an order of its own. The choices
// depend on (seed, operator, its how-manieth visit) only, so that an operator's cases are the same whichever
// others are selected.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "oracles/oracle.h"

namespace fuzz {

struct CasePlace {
  const corpora::Operator* op = nullptr;
  uint64_t visit = 0;  // of this operator
};

class CaseOrder {
 public:
  CaseOrder(const corpora::Catalog& catalog, const std::vector<size_t>& operators, uint64_t rng_seed);

  CasePlace place(uint64_t index);  // remembers the order of the last round asked for
  corpora::PhiloxChoices choices(const CasePlace& place) const;

 private:
  void shuffle(uint64_t round);

  uint64_t rng_seed_;
  std::vector<const corpora::Operator*> operators_;
  std::vector<CasePlace> shuffled_;
  uint64_t shuffled_round_ = UINT64_MAX;
};

// Whether the oracle judges the case of this index, by its share and by what it is for: dispatch programs, or
// calls of operators.
bool judges(const oracles::Oracle& oracle, uint64_t index, bool is_program = false);

}  // namespace fuzz
