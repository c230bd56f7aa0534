// CaseOrder: which operator case `index` calls, from which choices it is drawn, and when its turn is. Round
// robin: every round visits each selected operator as often as it is listed, mostly once, in an order of its
// own. The choices depend on (seed, operator, its how-manieth visit) only, so that an operator's cases are
// the same whichever others are selected. In a chunk an operator's cases have their turns one after the
// other: behind the first, its code and what it looks up are at hand, and the chunk takes a sixth less time.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "oracles/oracle.h"

namespace fuzz {

// A chunk is a fixed range of case indices, always begun by a fresh process: that makes results independent
// of jobs. Long enough that what a library sets up once in a process (oneDNN makes its kernels at first use,
// 50 ms) is a small share.
constexpr uint32_t kChunkCases = 4096;

struct CasePlace {
  const corpora::Operator* op = nullptr;
  uint64_t visit = 0;  // of this operator
};

class CaseOrder {
 public:
  CaseOrder(const corpora::Catalog& catalog, const std::vector<size_t>& operators, uint64_t rng_seed);

  CasePlace place(uint64_t index);  // remembers the chunk last asked for
  // The indices of a chunk in the order of their turns, without those from `end` on (0: there is no end).
  // Operators stand in an order of the chunk's own, so that what one leaves behind meets many others.
  std::vector<uint64_t> turns(uint64_t chunk, uint64_t end);
  corpora::PhiloxChoices choices(const CasePlace& place) const;

 private:
  void fill(uint64_t chunk);
  std::vector<CasePlace> shuffled(uint64_t round) const;

  uint64_t rng_seed_;
  std::vector<const corpora::Operator*> operators_;
  std::vector<CasePlace> places_;  // of the chunk
  uint64_t chunk_ = UINT64_MAX;
};

// Whether the oracle judges the case of this index, by its share and by what it is for: dispatch programs, or
// calls of operators.
bool judges(const oracles::Oracle& oracle, uint64_t index, bool is_program = false);

}  // namespace fuzz
