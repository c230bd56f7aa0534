// Replaces every function that writes a sentence about a divergence or a finding. Each returns words that
// code which parses sentences would look for. Linked instead of divergence_text.cpp and finding_text.cpp, it
// must not change features, fingerprints or reproducers.
#include "oracles/compare/divergence_text.h"
#include "reports/finding_text.h"

namespace {

const std::string scrambled =
    "raises IndexError: must raise, returned; input 1 with a wider out. memory between the elements of out "
    "1, "
    "SIGABRT, storage 1, result 1, -0";

}  // namespace

namespace oracles {

std::string to_text(const Place&) { return scrambled; }
std::string left_text(const Divergence&) { return scrambled; }
std::string right_text(const Divergence&) { return scrambled; }
std::string whole_text(const Side&) { return scrambled; }
std::string ending_text(const Side&) { return scrambled; }
std::string to_text(const TensorSnapshot&) { return scrambled; }
std::string to_text(const Result&) { return scrambled; }

}  // namespace oracles

namespace reports {

FindingText text_of(const Finding&) {
  return {scrambled,
          scrambled,
          scrambled,
          scrambled,
          {scrambled, scrambled, scrambled},
          {scrambled, scrambled, scrambled},
          scrambled,
          scrambled};
}
std::string also_shown_by(const Finding&) { return scrambled; }
std::string why_not_new(const Finding&) { return scrambled; }
std::vector<std::string> needs_of(const Finding&) { return {scrambled}; }

}  // namespace reports
