#include "oracles/compare/divergence.h"

#include <fmt/format.h>

#include <array>

namespace oracles {

namespace {

constexpr std::array<std::string_view, 19> kind_names{
    "value", "nan_pattern",    "sizes",    "strides", "offset", "dtype",    "device",
    "alias", "outputs",        "identity", "version", "error",  "gradient", "mutation",
    "state", "nondeterminism", "crash",    "timeout", "memory"};

constexpr std::array<std::string_view, 6> tier_names{"none", "T0", "T1", "T2", "T3", "T4"};

constexpr std::array<std::string_view, 10> judgement_names{
    "agree",   "both_raised", "differ",  "incomparable", "crash",
    "timeout", "memory",      "refused", "over_budget",  "gap"};

}  // namespace

std::string_view name_of(Kind kind) { return kind_names[static_cast<size_t>(kind)]; }

bool kind_named(std::string_view name, Kind& kind) {
  for (size_t i = 0; i < kind_names.size(); ++i) {
    if (kind_names[i] != name) continue;
    kind = static_cast<Kind>(i);
    return true;
  }
  return false;
}

std::string_view name_of(Tier tier) { return tier_names[static_cast<size_t>(tier)]; }

std::string_view name_of(Judgement judgement) { return judgement_names[static_cast<size_t>(judgement)]; }

std::string to_string(const Signature& signature) {
  return fmt::format("{}/{}/{}/{}", signature.subject, signature.oracle, signature.op,
                     name_of(signature.kind));
}

}  // namespace oracles
