// simpler: the cases one step simpler than a case, boldest steps first. The only shrinking code: RapidCheck's
// shrinks and the minimiser both walk it. Every case returned is well formed, differs from `c`, and is
// smaller in a fixed order (Measure), so that repeated steps end. The header's path is carried along when
// storages are renumbered, and never becomes empty: an empty path would leave the choice to the oracle again.
#pragma once

#include <compare>
#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"

namespace corpora {

std::vector<Case> simpler(const Case& c, const Catalog& catalog);

// How large a case is: compared member by member from the top, each a sum of natural numbers, so that there
// is no endless descent. A step may make a case larger below the first member that it makes smaller: giving a
// view its own storage adds a storage, and a rule written out as values adds values.
struct Measure {
  uint64_t statements = 0;  // of a dispatch program
  uint64_t details = 0;     // of its statements: keys, arguments, whatever is not plain
  uint64_t calls = 0;
  uint64_t layers = 0;
  uint64_t results = 0;  // references to results of earlier calls
  uint64_t inputs = 0;
  uint64_t sharing = 0;   // inputs beyond the first of each storage
  uint64_t overlaps = 0;  // inputs that overlap themselves
  uint64_t strided = 0;   // inputs that are not contiguous
  uint64_t offsets = 0;   // inputs that do not begin where their storage begins
  uint64_t rank = 0;      // of all inputs
  uint64_t elements = 0;  // of all inputs
  uint64_t storages = 0;
  uint64_t storage_elements = 0;  // of all storages
  uint64_t dtypes = 0;            // 0 for f32, more the further from it, summed over storages
  uint64_t arguments = 0;         // 0 for the schema's default, then None, 0, 1, small, large
  uint64_t rules = 0;             // zeros, ones, iota, values, and then the random rules
  uint64_t values = 0;            // explicit values: 0, then 1, small integers, others, not finite
  uint64_t seeds = 0;             // storages whose rng_seed is not 0

  auto operator<=>(const Measure&) const = default;
};
Measure measure_of(const Case& c, const Catalog& catalog);

}  // namespace corpora
