#include "fuzz/campaign/case_order.h"

#include <xxhash.h>

#include <map>
#include <string_view>
#include <utility>

#include "engine/core/check.h"

namespace fuzz {
namespace {

uint64_t stream_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

}  // namespace

CaseOrder::CaseOrder(const corpora::Catalog& catalog, const std::vector<size_t>& operators, uint64_t rng_seed)
    : rng_seed_(rng_seed) {
  CHECK(!operators.empty(), "a campaign without operators");
  for (const size_t index : operators) operators_.push_back(&catalog.operators().at(index));
}

CasePlace CaseOrder::place(uint64_t index) {
  const uint64_t round = index / operators_.size();
  if (round != shuffled_round_) {
    shuffle(round);
    shuffled_round_ = round;
  }
  return shuffled_[index % operators_.size()];
}

void CaseOrder::shuffle(uint64_t round) {
  std::vector<const corpora::Operator*> order = operators_;
  corpora::PhiloxChoices choices(rng_seed_, stream_of("order of operators"), round);
  for (size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[choices.below(left)]);
  std::map<const corpora::Operator*, uint64_t> visits;
  shuffled_.clear();
  for (const corpora::Operator* op : order) shuffled_.push_back({op, visits[op]++});
  for (CasePlace& place : shuffled_) place.visit += round * visits[place.op];
}

corpora::PhiloxChoices CaseOrder::choices(const CasePlace& place) const {
  return {rng_seed_, stream_of(place.op->name), place.visit};
}

bool judges(const oracles::Oracle& oracle, uint64_t index, bool is_program) {
  if (oracle.of_programs != is_program) return false;
  if (oracle.share <= 1) return true;
  const auto share = static_cast<uint64_t>(oracle.share);
  return index % share == stream_of(oracle.name) % share;
}

}  // namespace fuzz
