#include "oracles/compare/divergence.h"

#include <fmt/format.h>

#include "oracles/compare/names.h"

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
std::optional<Kind> kind_named(std::string_view name) { return enumerator_named<Kind>(kind_names, name); }
std::string_view name_of(Tier tier) { return tier_names[static_cast<size_t>(tier)]; }
std::optional<Tier> tier_named(std::string_view name) { return enumerator_named<Tier>(tier_names, name); }
std::string_view name_of(Judgement judgement) { return judgement_names[static_cast<size_t>(judgement)]; }

Divergence divergence_of(Kind kind, Place place, Side left, Side right) {
  Divergence d;
  d.kind = kind;
  d.place = std::move(place);
  d.left = std::move(left);
  d.right = std::move(right);
  return d;
}

Divergence divergence_of(Kind kind, Place place, Shown left, Shown right) {
  return divergence_of(kind, std::move(place), side_showing(std::move(left)), side_showing(std::move(right)));
}

std::string to_string(const Signature& signature) {
  return fmt::format("{}/{}/{}/{}", signature.subject, signature.oracle, signature.op,
                     name_of(signature.kind));
}

}  // namespace oracles
