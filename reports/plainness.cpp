#include "reports/plainness.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace reports {
namespace {

struct Row {
  std::string_view oracle;
  Judged judged;
};

// The plainest oracle first.
constexpr std::array rows{
    Row{"state", Judged::call},         Row{"reference", Judged::call},      Row{"schema", Judged::call},
    Row{"determinism", Judged::call},   Row{"layout", Judged::call},         Row{"variants", Judged::call},
    Row{"arguments", Judged::call},     Row{"history", Judged::call},        Row{"threads", Judged::call},
    Row{"precision", Judged::call},     Row{"meta", Judged::other_facts},    Row{"fake", Judged::other_facts},
    Row{"autograd", Judged::other},     Row{"conj", Judged::below},          Row{"neg", Judged::below},
    Row{"zero", Judged::below},         Row{"functionalize", Judged::below}, Row{"batched", Judged::below},
    Row{"fuser", Judged::below},        Row{"boxing", Judged::below},        Row{"python", Judged::below},
    Row{"cpu_fallback", Judged::below}, Row{"device", Judged::other},        Row{"peer", Judged::other},
    Row{"dispatch", Judged::call},
};

const Row* row_of(std::string_view oracle) {
  const auto* at = std::ranges::find(rows, oracle, &Row::oracle);
  return at == rows.end() ? nullptr : at;
}

size_t rank_of(std::string_view oracle) {
  const Row* row = row_of(oracle);
  return row ? static_cast<size_t>(row - rows.data()) : rows.size();
}

// The oracle `layout` names a layout as the cause, so that of the findings that need one it is the plainest.
// Ranks are doubled to leave a place after it.
size_t rank_of(const Finding& finding, const std::set<std::string>& needs) {
  const size_t rank = 2 * (rank_of(finding.signature.oracle) + 1), layout = 2 * (rank_of("layout") + 1);
  const bool dies = direct_call_dies(finding);
  if (needs_layout(needs)) return rank < layout || dies ? layout + 1 : rank;
  return dies ? 0 : rank;
}

// An in-place form reads what it writes. An out that does not fit is one need, whatever does not fit.
std::string need_of(const std::string& feature, bool in_place) {
  const bool written = feature.starts_with("written-layout:");
  if (written && !in_place) return "out";
  if (written || feature.starts_with("layout:")) return feature.ends_with(":offset") ? "offset" : "strides";
  if (feature.starts_with("out:") && feature != "out:shared" && feature != "out:overlapping") return "out";
  for (const char* prefix : {"dtype:", "shape:", "values:", "form:", "out:", "storage:", "argument:"})
    if (feature.starts_with(prefix)) return feature;
  return {};
}

}  // namespace

Judged judged_by(std::string_view oracle) {
  const Row* row = row_of(oracle);
  return row ? row->judged : Judged::other;
}

bool has_plainness(std::string_view oracle) { return row_of(oracle) != nullptr; }

std::set<std::string> needs_apart_from_path(const Finding& finding) {
  std::set<std::string> needs;
  const std::string& op = finding.signature.op;
  const bool in_place = std::string_view(op).substr(0, op.find('.')).ends_with('_');
  for (const std::string& feature : finding.features)
    if (std::string need = need_of(feature, in_place); !need.empty()) needs.insert(std::move(need));
  // Features of an error are its words instead of its layout.
  if (finding.signature.oracle == "layout" && !needs_layout(needs)) needs.insert("strides");
  return needs;
}

bool needs_layout(const std::set<std::string>& needs) {
  return needs.contains("strides") || needs.contains("offset") || needs.contains("out");
}

bool direct_call_dies(const Finding& finding) {
  return finding.verdict.divergence.is_death() && finding.verdict.right.empty();
}

bool is_plainer(const Finding& a, const Finding& b) {
  const auto key = [](const Finding& f) {
    const std::set<std::string> needs = needs_apart_from_path(f);
    return std::tuple(rank_of(f, needs), needs.size(), f.signature.kind, f.features.size(), f.fingerprint);
  };
  return key(a) < key(b);
}

const Finding* primary_of(const Finding& mistake) {
  const Finding* primary = &mistake;
  for (const Finding& other : mistake.also)
    if (!primary->known.empty() && other.known.empty()) primary = &other;
  return primary;
}

void put_primary_first(Finding& mistake) {
  const Finding* primary = primary_of(mistake);
  if (primary == &mistake) return;
  std::vector<Finding> also = std::exchange(mistake.also, {});
  std::swap(mistake, also[static_cast<size_t>(primary - also.data())]);
  std::ranges::sort(also, is_plainer);
  mistake.also = std::move(also);
}

}  // namespace reports
