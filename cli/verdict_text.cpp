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
  if (d.is_death())
    return fmt::format("{}: {} on the path {}: {}", judgement, d.op, corpora::to_string(verdict.right),
                       oracles::right_text(d));
  return fmt::format("{}: {} of {} at {} (left {}, right {})", judgement, oracles::name_of(d.kind), d.op,
                     oracles::to_text(d.place), oracles::left_text(d), oracles::right_text(d));
}

std::string details_of(const Verdict& verdict) {
  const Divergence& d = verdict.divergence;
  const auto indented = [](std::string lines) {
    for (size_t at = 0; (at = lines.find('\n', at)) != std::string::npos; at += 5)
      lines.insert(at + 1, "    ");
    return lines;
  };
  if (d.is_death()) {
    const std::string printed = oracles::whole_text(d.right);
    return printed.empty() ? "" : "  printed last:\n    " + indented(printed) + "\n";
  }
  const auto line_of = [&](const char* name, const corpora::Path& path, const oracles::Side& side,
                           const std::string& text) {
    const std::string whole = oracles::whole_text(side);
    return fmt::format("  {} {}: {}\n", name, corpora::to_string(path),
                       indented(whole.empty() ? text : whole));
  };
  std::string text = line_of("left ", verdict.left, d.left, oracles::left_text(d)) +
                     line_of("right", verdict.right, d.right, oracles::right_text(d));
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
