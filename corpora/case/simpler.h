// simpler: the cases that are one step simpler than a case, with the largest steps first. RapidCheck and the
// minimiser shrink cases with it. Every case returned is well formed and smaller than `c` by Measure, so that
// repeated steps end. The header's path follows when storages are renumbered, and never becomes empty: then
// the oracle would choose a path.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"

namespace corpora {

std::vector<Case> simpler(const Case& c, const Catalog& catalog);

// How large a case is. Members are natural numbers, compared in their order, so that no descent is endless. A
// step may increase the members after the first that it decreases: a view that gets its own storage adds a
// storage, and explicit values in place of a rule add values.
struct Measure {
  uint64_t statements = 0;  // of a dispatch program
  uint64_t details = 0;     // of its statements: keys, arguments, flags
  uint64_t calls = 0;
  uint64_t layers = 0;
  uint64_t results = 0;  // references to results of earlier calls
  uint64_t inputs = 0;
  uint64_t sharing = 0;   // inputs beyond the first of each storage
  uint64_t overlaps = 0;  // inputs that overlap themselves
  uint64_t strided = 0;   // inputs that are not contiguous
  uint64_t offsets = 0;   // inputs with an offset
  uint64_t rank = 0;      // of all inputs
  uint64_t elements = 0;  // of all inputs
  uint64_t storages = 0;
  uint64_t storage_elements = 0;  // of all storages
  uint64_t dtypes = 0;            // of all storages: 0 for f32, then f64, i64, ...
  uint64_t arguments = 0;         // 0 for the schema's default, then None, 0, 1, small, large
  uint64_t rules = 0;             // zeros, ones, iota, values, then the random rules
  uint64_t values = 0;            // explicit values: 0, then 1, small integers, others, not finite
  uint64_t seeds = 0;             // storages whose rng_seed is not 0

  auto operator<=>(const Measure&) const = default;
};
Measure measure_of(const Case& c, const Catalog& catalog);

}  // namespace corpora
