#include "cli/verdict_text.h"

#include <fmt/format.h>

namespace cli {

using oracles::Divergence;
using oracles::Verdict;

std::string summary_of(const Verdict& verdict) {
  const auto judgement = oracles::name_of(verdict.judgement);
  if (!verdict.is_detection())
    return verdict.why.empty() ? std::string(judgement) : fmt::format("{}: {}", judgement, verdict.why);
  const Divergence& d = verdict.divergence;
  std::string line = fmt::format("{}: {} of {}", judgement, oracles::name_of(d.kind), d.op);
  if (!d.where.empty()) line += " at " + d.where;
  if (!d.left.empty() || !d.right.empty()) line += fmt::format(" (left {}, right {})", d.left, d.right);
  return line;
}

std::string details_of(const Verdict& verdict) {
  const Divergence& d = verdict.divergence;
  std::string text = fmt::format("  left  {}: {}\n  right {}: {}\n", corpora::to_string(verdict.left),
                                 d.left_all, corpora::to_string(verdict.right), d.right_all);
  if (d.tier != oracles::Tier::none)
    text += fmt::format("  tier {}, difference {}, bound {}{}{}\n", oracles::name_of(d.tier), d.difference,
                        d.bound, d.bound_reason.empty() ? "" : ": ", d.bound_reason);
  if (!d.note.empty()) text += "  " + d.note + "\n";
  if (d.uninitialised) text += "  one side changes with what fresh memory held before\n";
  return text;
}

}  // namespace cli
