#include "fuzz/campaign/case_order.h"

#include <xxhash.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "engine/core/check.h"

namespace fuzz {
namespace {

uint64_t stream_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

}  // namespace

CaseOrder::CaseOrder(const corpora::Catalog& catalog, const std::vector<size_t>& operators, uint64_t rng_seed,
                     std::vector<const corpora::Operator*> samples)
    : rng_seed_(rng_seed), samples_(std::move(samples)) {
  CHECK(!operators.empty(), "a campaign needs operators");
  for (const size_t index : operators) operators_.push_back(&catalog.operators().at(index));
}

CasePlace CaseOrder::place(uint64_t index) {
  fill(index / kChunkCases);
  return places_[index % kChunkCases];
}

std::vector<uint64_t> CaseOrder::turns(uint64_t chunk, uint64_t end) {
  fill(chunk);
  std::map<const corpora::Operator*, size_t> first_met;
  std::vector<std::pair<size_t, uint64_t>> ranked;
  for (size_t i = 0; i < places_.size(); ++i) {
    const size_t rank = first_met.emplace(places_[i].op, first_met.size()).first->second;
    const uint64_t index = chunk * kChunkCases + i;
    if (end == 0 || index < end) ranked.emplace_back(rank, index);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<uint64_t> indices;
  for (const auto& [rank, index] : ranked) indices.push_back(index);
  return indices;
}

void CaseOrder::fill(uint64_t chunk) {
  if (chunk == chunk_) return;
  places_.clear();
  const uint64_t begin = chunk * kChunkCases, end = begin + kChunkCases;
  for (uint64_t i = begin; i < std::min<uint64_t>(end, samples_.size()); ++i)
    places_.push_back({samples_[i], i, true});
  // The drawn cases, counted from 0.
  const uint64_t first = std::max<uint64_t>(begin, samples_.size()) - samples_.size();
  const uint64_t last = std::max<uint64_t>(end, samples_.size()) - samples_.size();
  const uint64_t size = operators_.size();
  for (uint64_t round = first / size; places_.size() < kChunkCases; ++round) {
    const std::vector<CasePlace> all = shuffled(round);
    for (uint64_t i = std::max(first, round * size); i < std::min(last, (round + 1) * size); ++i)
      places_.push_back(all[i % size]);
  }
  chunk_ = chunk;
}

std::vector<CasePlace> CaseOrder::shuffled(uint64_t round) const {
  std::vector<const corpora::Operator*> order = operators_;
  corpora::PhiloxChoices choices(rng_seed_, stream_of("order of operators"), round);
  for (size_t left = order.size(); left > 1; --left) std::swap(order[left - 1], order[choices.below(left)]);
  std::map<const corpora::Operator*, uint64_t> visits;
  std::vector<CasePlace> places;
  for (const corpora::Operator* op : order) places.push_back({op, visits[op]++, false});
  for (CasePlace& place : places) place.visit += round * visits[place.op];
  return places;
}

corpora::PhiloxChoices CaseOrder::choices(const CasePlace& place) const {
  return {rng_seed_, stream_of(place.op->name), place.visit};
}

corpora::PhiloxChoices CaseOrder::choices_of_far_sizes(uint64_t index) const {
  return {rng_seed_, stream_of("far sizes"), index};
}

bool judges(const oracles::Oracle& oracle, uint64_t index, bool is_program, uint64_t samples) {
  if (oracle.of_programs != is_program) return false;
  if (oracle.share <= 1 || index < samples) return true;
  const auto share = static_cast<uint64_t>(oracle.share);
  return index % share == stream_of(oracle.name) % share;
}

}  // namespace fuzz
