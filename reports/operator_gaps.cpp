#include "reports/operator_gaps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "oracles/oracle.h"

namespace reports {

using oracles::Gap;
using oracles::OperatorGap;

namespace {

struct GapRow {
  std::string_view name, noun;
};
// In the order of Gap.
constexpr std::array<GapRow, 4> gap_rows{{{"cpu_kernel", "CPU kernel"},
                                          {"meta_kernel", "Meta kernel"},
                                          {"autograd_formula", "autograd formula"},
                                          {"accepted_call", "accepted call"}}};

// Below one accepted call in so many, the drawn arguments hardly test the operator.
constexpr uint64_t drawn_for_one_accepted = 50;

const GapRow& row_of(Gap gap) { return gap_rows[static_cast<size_t>(gap)]; }

// A check whose two sides raise compares no results.
bool has_judged(const std::string& name, const VerdictCounts& counts) {
  using oracles::Judgement;
  if (counts.detections() > 0) return true;
  const oracles::Oracle* oracle = oracles::find_oracle(name);
  return counts.of(Judgement::agree) > 0 && (!oracle || oracle->key.empty() || counts.reached() > 0);
}

}  // namespace

std::vector<OperatorGap> gaps_of(const OperatorTally& tally) {
  std::vector<OperatorGap> gaps = tally.missing.value_or(std::vector<OperatorGap>());
  std::erase_if(gaps, [&](const OperatorGap& gap) {
    return gap.what == Gap::autograd_formula && tally.differentiable == 0;
  });
  const bool no_kernel = std::ranges::count(gaps, Gap::cpu_kernel, &OperatorGap::what) > 0;
  if (tally.drawn > 0 && tally.accepted * drawn_for_one_accepted < tally.drawn && !no_kernel)
    gaps.push_back({Gap::accepted_call, "", ""});
  return gaps;
}

std::string_view name_of(Gap gap) { return row_of(gap).name; }

std::string_view noun_of(Gap gap) { return row_of(gap).noun; }

std::string text_of(Gap gap, const OperatorTally& tally) {
  if (gap != Gap::accepted_call) return fmt::format("no {}", noun_of(gap));
  const std::string text = tally.accepted == 0
                               ? "no call was ever accepted"
                               : fmt::format("only {} of {} calls {} accepted", tally.accepted, tally.drawn,
                                             tally.accepted == 1 ? "was" : "were");
  if (!tally.last_error.empty()) return text + ": last error '" + tally.last_error + "'";
  return tally.crashed > 0 ? fmt::format("{}: {} of {} crashed", text, tally.crashed, tally.drawn) : text;
}

std::vector<std::string> advice_of(const OperatorGap& gap) {
  if (gap.what == Gap::accepted_call) return {"give samples (--samples) or a domain (--domains)"};
  std::vector<std::string> advice;
  if (!gap.write.empty()) advice.push_back("write " + gap.write);
  if (!gap.write_python.empty())
    advice.push_back((advice.empty() ? "write " : "or in Python ") + gap.write_python);
  return advice;
}

Json gaps_json(const std::vector<OperatorGap>& gaps) {
  Json json = Json::array();
  for (const OperatorGap& gap : gaps) {
    Json& one = json.emplace_back(Json{{"what", name_of(gap.what)}});
    if (!gap.write.empty()) one["write"] = gap.write;
    if (!gap.write_python.empty()) one["write_python"] = gap.write_python;
  }
  return json;
}

std::vector<OperatorGap> gaps_from(const Json& json) {
  std::vector<OperatorGap> gaps;
  for (const Json& one : json) {
    const auto row = std::ranges::find(gap_rows, one.value("what", ""), &GapRow::name);
    const auto what = static_cast<Gap>(row - gap_rows.begin());
    if (row != gap_rows.end() && what != Gap::accepted_call)
      gaps.push_back({what, one.value("write", ""), one.value("write_python", "")});
  }
  return gaps;
}

std::string accepted_share(const OperatorTally& tally) {
  if (tally.accepted == 0) return tally.drawn == 0 ? "not run" : "never";
  const double percent = 100 * static_cast<double>(tally.accepted) / static_cast<double>(tally.drawn);
  if (tally.accepted == tally.drawn) return "100 %";
  return percent < 1 ? fmt::format("{:.1g} %", percent) : fmt::format("{:.0f} %", std::min(percent, 99.0));
}

std::string judges_text(const OperatorTally& tally, const std::vector<std::string>& oracles) {
  constexpr size_t names_shown = 4;
  std::vector<std::string> judged, absent;
  for (const std::string& name : oracles) {
    const auto at = tally.oracles.find(name);
    (at != tally.oracles.end() && has_judged(name, at->second) ? judged : absent).push_back(name);
  }
  if (judged.empty()) return "none";
  if (absent.empty()) return fmt::format("all {}", oracles.size());
  if (absent.size() <= names_shown) return fmt::format("{}: not {}", judged.size(), fmt::join(absent, ", "));
  if (judged.size() <= names_shown) return fmt::format("{}: {}", judged.size(), fmt::join(judged, ", "));
  return fmt::format("{} of {}", judged.size(), oracles.size());
}

}  // namespace reports
