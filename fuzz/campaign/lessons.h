// Lessons: what earlier cases teach about an operator's arguments. Of an operator that rejects most drawn
// calls they keep some calls that it accepted, and one call for each error: another error means that a call
// came further. Later cases of that operator are changes of these calls. What a case learns from depends on
// its index alone: the chunks before its own, without the latest ones.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "corpora/case/approach.h"
#include "corpora/case/case.h"

namespace fuzz {

class Lessons {
 public:
  // How the direct run of a drawn case ended.
  struct End {
    uint64_t index = 0;
    std::string_view op;  // of the catalog
    bool accepted = false;
    uint64_t error = 0;  // equal for errors that differ in numbers only (error_of)
  };

  // A case of `chunk` may use what the chunks below this number teach. As many chunks as lie between can be
  // judged at once.
  static uint64_t taught_before(uint64_t chunk) { return chunk - std::min((chunk + 1) / 2, most_at_once); }
  static uint64_t error_of(std::string_view text);

  // Chunk by chunk, in ascending order. `draw` makes the case of an index again.
  void learn(uint64_t chunk, std::span<const End> ends, const std::function<corpora::Case(uint64_t)>& draw);
  // For a case of `chunk`, valid until the next learn(); empty for an operator that accepts what is drawn.
  corpora::Attempts of(std::string_view op, uint64_t chunk) const;

 private:
  static constexpr uint64_t enough_drawn = 8, most_accepted = 8, most_refused = 32, most_at_once = 16;

  struct Lesson {
    uint64_t chunk = 0;
    corpora::Case c;
  };
  struct OfOperator {
    uint64_t drawn = 0, accepted = 0;
    uint64_t since = UINT64_MAX;  // the chunk after which it counted as one that rejects most calls
    std::set<uint64_t> errors;
    std::vector<Lesson> accepted_calls, refused_calls;

    bool rejects_most() const { return 2 * accepted < drawn; }
  };

  std::map<std::string, OfOperator, std::less<>> operators_;
};

}  // namespace fuzz
