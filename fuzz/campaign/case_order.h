// CaseOrder: which operator case `index` calls, from which choices it is drawn, and at which turn it runs.
// The first cases are the samples of the run, if it has any; the others are drawn, in rounds. Each round
// visits every selected operator as often as it is listed (mostly once), in its own order. The choices depend
// only on the seed, the operator and the number of its earlier visits, so the cases of an operator that needs
// no lessons are the same whichever other operators are selected. Within a chunk an operator's cases run one
// after another, so that its code and tables stay in the cache: the chunk takes a sixth less time.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "oracles/oracle.h"

namespace fuzz {

// A chunk is a fixed range of case indices that always starts in a fresh process, so that results do not
// depend on the number of jobs. It is so long that the initialisation of a library in each process (oneDNN
// compiles kernels at first use, 50 ms) is a small share of the time.
constexpr uint32_t kChunkCases = 4096;

struct CasePlace {
  const corpora::Operator* op = nullptr;
  uint64_t visit = 0;  // of this operator; of a sample: its number
  bool is_sample = false;
};

class CaseOrder {
 public:
  // `samples` are the operators of the samples, in order.
  CaseOrder(const corpora::Catalog& catalog, const std::vector<size_t>& operators, uint64_t rng_seed,
            std::vector<const corpora::Operator*> samples = {});

  CasePlace place(uint64_t index);  // caches the latest chunk
  // The indices of a chunk in the order of their turns, without those from `end` on (0: no end). Each chunk
  // has its own order of operators, so that the state that one operator leaves is seen by many others.
  std::vector<uint64_t> turns(uint64_t chunk, uint64_t end);
  corpora::PhiloxChoices choices(const CasePlace& place) const;
  // Decides whether the case has a far size (CampaignOptions::far_sizes_share), and which.
  corpora::PhiloxChoices choices_of_far_sizes(uint64_t index) const;
  uint64_t samples() const { return samples_.size(); }

 private:
  void fill(uint64_t chunk);
  std::vector<CasePlace> shuffled(uint64_t round) const;

  uint64_t rng_seed_;
  std::vector<const corpora::Operator*> operators_, samples_;
  std::vector<CasePlace> places_;  // of the chunk
  uint64_t chunk_ = UINT64_MAX;
};

// Whether the oracle judges the case of this index: its share selects the index, and it judges this sort of
// case (dispatch programs or calls of operators). Every oracle judges the first cases, the samples.
bool judges(const oracles::Oracle& oracle, uint64_t index, bool is_program = false, uint64_t samples = 0);

}  // namespace fuzz
