#include "cli/verdict_text.h"

#include <fmt/format.h>

#include "oracles/compare/divergence_text.h"

namespace cli {

using oracles::Divergence;
using oracles::Verdict;

std::string summary_of(const Verdict& verdict) {
  const auto judgement = oracles::name_of(verdict.judgement);
  if (!verdict.is_detection())
    return verdict.why.empty() ? std::string(judgement) : fmt::format("{}: {}", judgement, verdict.why);
  const Divergence& d = verdict.divergence;
  return fmt::format("{}: {} of {} at {} (left {}, right {})", judgement, oracles::name_of(d.kind), d.op,
                     oracles::to_text(d.place), oracles::left_text(d), oracles::right_text(d));
}

std::string details_of(const Verdict& verdict) {
  const Divergence& d = verdict.divergence;
  const auto whole = [](const oracles::Side& side) {
    std::string lines = whole_text(side);
    for (size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; at += 5)
      lines.insert(at + 1, "    ");
    return lines;
  };
  std::string text = fmt::format("  left  {}: {}\n  right {}: {}\n", corpora::to_string(verdict.left),
                                 whole(d.left), corpora::to_string(verdict.right), whole(d.right));
  if (d.tier != oracles::Tier::none)
    text += fmt::format("  tier {}, difference {}, bound {}{}{}\n", oracles::name_of(d.tier), d.difference,
                        d.bound, d.bound_reason.empty() ? "" : ": ", d.bound_reason);
  if (d.uninitialised) text += "  the result depends on the previous content of fresh memory\n";
  return text;
}

std::string raises_text(const std::vector<oracles::Raise>& raises, const Verdict& verdict) {
  std::string text;
  for (const oracles::Raise& raise : raises)
    text +=
        fmt::format("  {} {}: call {}, {}, raises {}: {}\n", raise.path == verdict.left ? "left " : "right",
                    corpora::to_string(raise.path), raise.call, raise.op, raise.error_class, raise.message);
  return text;
}

}  // namespace cli
