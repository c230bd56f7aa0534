#include "reports/mistakes.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "oracles/invariants/declared_writes.h"
#include "reports/plain_sides.h"
#include "reports/plainness.h"

namespace reports {
namespace {

using corpora::Case;
using oracles::Kind;
using oracles::Verdict;

constexpr int experiments_max = 400;  // of one operator

enum class Effect : uint8_t { values, metadata, memory, state, failure };

Effect effect_of(Kind kind) {
  switch (kind) {
    case Kind::value:
    case Kind::nan_pattern:
    case Kind::gradient:
    case Kind::nondeterminism:
      return Effect::values;
    case Kind::alias:
    case Kind::identity:
    case Kind::version:
    case Kind::mutation:
      return Effect::memory;
    case Kind::state:
      return Effect::state;
    case Kind::error:
    case Kind::crash:
    case Kind::timeout:
    case Kind::memory:
      return Effect::failure;
    default:
      return Effect::metadata;
  }
}

// Values of an input after a call are what the call wrote.
Effect effect_of(const Finding& finding) {
  const Effect effect = effect_of(finding.signature.kind);
  const bool of_input = finding.verdict.divergence.place.part == oracles::Part::input;
  return effect == Effect::values && of_input ? Effect::memory : effect;
}

// A finding with what decides about its cause.
struct Suspect {
  const Finding& finding;
  std::string oracle;
  Kind kind;
  Effect effect;
  Judged judged;
  std::set<std::string> needs;
  bool is_random;     // differs from run to run
  bool dies;          // the direct call
  bool other_tensor;  // another tensor is returned, or one with other memory
  bool never_writes;  // an argument that its schema declares as written
  std::vector<Case> sides;

  explicit Suspect(const Finding& f)
      : finding(f),
        oracle(f.signature.oracle),
        kind(f.signature.kind),
        effect(effect_of(f)),
        judged(judged_by(oracle)),
        needs(needs_apart_from_path(f)),
        is_random(kind == Kind::nondeterminism || f.verdict.divergence.uninitialised),
        dies(direct_call_dies(f)),
        other_tensor(kind == Kind::alias || kind == Kind::identity),
        never_writes(oracles::is_missing_write(f.verdict.divergence)),
        sides(plain_sides(f)) {}

  bool has_feature(const char* feature) const {
    return std::ranges::find(finding.features, feature) != finding.features.end();
  }
};

// Whether a mistake that shows as `a` can also show as `b`.
bool can_cause(const Suspect& a, const Suspect& b) {
  if (a.effect == b.effect) return true;
  // A copy has other strides than a view, and no lazy bits.
  if (a.other_tensor && (b.kind == Kind::strides || b.kind == Kind::offset || b.kind == Kind::outputs))
    return true;
  if (b.judged == Judged::other_facts) return false;
  const bool outside = a.finding.verdict.divergence.place.part == oracles::Part::beside;
  switch (a.effect) {
    case Effect::values:
      return b.effect == Effect::failure || (b.effect == Effect::memory && needs_layout(a.needs));
    case Effect::memory:
      return b.effect == Effect::failure || (b.effect == Effect::values && (outside || !a.needs.empty()));
    case Effect::state:
      return b.effect == Effect::failure || (b.effect == Effect::values && !a.needs.empty());
    default:
      return false;
  }
}

std::set<std::string> layout_needs(const Suspect& s) {
  std::set<std::string> words;
  for (const char* word : {"strides", "offset", "out"})
    if (s.needs.contains(word)) words.insert(word);
  return words;
}

// The kinds of metadata in which the two whole results differ. The verdict names only the first.
std::set<Kind> metadata_kinds(const Finding& finding) {
  const oracles::Divergence& d = finding.verdict.divergence;
  std::set<Kind> kinds{finding.signature.kind};
  if (d.left.whole.size() != 1 || d.right.whole.size() != 1) return kinds;
  const oracles::Result& left = d.left.whole.front();
  const oracles::Result& right = d.right.whole.front();
  if (left.kind != oracles::Result::Kind::tensor || right.kind != oracles::Result::Kind::tensor) return kinds;
  if (left.tensor.dtype != right.tensor.dtype) kinds.insert(Kind::dtype);
  if (left.tensor.sizes != right.tensor.sizes) kinds.insert(Kind::sizes);
  if (left.tensor.storage != right.tensor.storage) kinds.insert(Kind::alias);
  return kinds;
}

bool one_case_shows_both(const Suspect& a, const Suspect& b) {
  const oracles::Place& x = a.finding.verdict.divergence.place;
  const oracles::Place& y = b.finding.verdict.divergence.place;
  if (x.part != y.part || x.index != y.index) return false;
  return metadata_kinds(a.finding).contains(b.kind) || metadata_kinds(b.finding).contains(a.kind);
}

class Gathering {
 public:
  Gathering(const std::vector<const Finding*>& findings, const Judge& judge) : judge_(judge) {
    for (const Finding* finding : findings) suspects_.emplace_back(*finding);
    plainest_.resize(findings.size());
    std::iota(plainest_.begin(), plainest_.end(), size_t{0});
    std::ranges::sort(plainest_, [&](size_t a, size_t b) { return is_plainer(*findings[a], *findings[b]); });
    root_ = plainest_;
    std::iota(root_.begin(), root_.end(), size_t{0});
    explained_.assign(findings.size(), {});
  }

  std::vector<Mistake> mistakes(const std::vector<std::vector<size_t>>& together) {
    for (const std::vector<size_t>& group : together)
      for (const size_t i : group) join(group.front(), i);
    for (size_t i = 0; i < plainest_.size(); ++i)
      for (size_t j = i + 1; j < plainest_.size(); ++j) compare(plainest_[i], plainest_[j]);
    std::map<size_t, std::vector<size_t>> members;  // by root; the plainest first
    for (const size_t i : plainest_) members[root_of(i)].push_back(i);
    std::vector<Mistake> all;
    for (const auto& [root, group] : members) all.push_back(mistake_of(group));
    std::ranges::sort(all, {}, [&](const Mistake& m) { return suspects_[m.primary].finding.fingerprint; });
    return all;
  }

 private:
  size_t root_of(size_t i) const {
    while (root_[i] != i) i = root_[i];
    return i;
  }
  void join(size_t a, size_t b) { root_[root_of(b)] = root_of(a); }

  void compare(size_t a, size_t b) {
    const bool forward = explains(suspects_[a], suspects_[b]);
    const bool backward = explains(suspects_[b], suspects_[a]);
    if (forward || backward) join(a, b);
    if (forward && !backward) explained_[b].insert(a);
    if (backward && !forward) explained_[a].insert(b);
  }

  // The plainest that no other one explains, unless a known entry covers it and not all of them.
  Mistake mistake_of(const std::vector<size_t>& members) const {
    const auto key = [&](size_t i) {
      const bool explained =
          std::ranges::any_of(members, [&](size_t m) { return explained_[i].contains(m); });
      return std::tuple(!suspects_[i].finding.known.empty(), explained);
    };
    Mistake mistake{*std::ranges::min_element(members, {}, key), {}};
    for (const size_t i : members)
      if (i != mistake.primary) mistake.also.push_back(i);
    return mistake;
  }

  bool explains(const Suspect& a, const Suspect& b) {
    if (a.kind == Kind::timeout || b.kind == Kind::timeout) return false;  // each run costs the whole time
    const bool both_of_call = a.judged == Judged::call && b.judged == Judged::call;
    if (both_of_call && a.needs == b.needs && a.needs == std::set<std::string>{"out"}) return true;
    // No case of one call shows a missing write. A fallback bumps the version of what it should write back.
    if (a.never_writes) return b.kind == Kind::version;
    if (!can_cause(a, b) || b.never_writes) return false;
    if (a.oracle == b.oracle) return is_same_relation(a, b);
    if (both_of_call && needs_layout(a.needs) && layout_needs(a) == layout_needs(b)) return true;
    if (a.judged == Judged::call) return shows_in_sides(a, b) || varies_with(a, b) || makes_raise(a, b);
    if (a.judged == Judged::below) return is_same_fault_below(a, b);
    return b.judged != Judged::call && b.judged != Judged::below && agree_against_the_call(a, b);
  }

  // Two other computations agree with each other, and not with the call.
  bool agree_against_the_call(const Suspect& a, const Suspect& b) {
    if (a.kind != b.kind || b.sides.empty()) return false;
    const auto shown = verdict_on(b.sides.front(), a);
    return shown && shown->kind == b.kind && shown->right == b.finding.verdict.divergence.right.shown;
  }

  // Two findings of one oracle: with the same needs, or in one case, or after taking away what only `b`
  // needs.
  bool is_same_relation(const Suspect& a, const Suspect& b) {
    if (a.effect == Effect::metadata || b.effect == Effect::metadata) return one_case_shows_both(a, b);
    const bool comparable = a.effect == b.effect && a.kind != Kind::error && b.kind != Kind::error;
    if (comparable && a.needs == b.needs) return true;
    if (comparable && !a.needs.empty() && std::ranges::includes(b.needs, a.needs)) return true;
    for (const Case& c : without_a_need(b.finding)) {
      const auto shown = verdict_on(c, a);
      if (shown && (shown->kind == a.kind || (comparable && effect_of(shown->kind) == a.effect))) return true;
    }
    return false;
  }

  // The direct call of a side of `b` is wrong as `a` says, so that `b` compares with a wrong call. If both
  // sides are wrong in the same way, that does not explain why they differ.
  bool shows_in_sides(const Suspect& a, const Suspect& b) {
    // An effect that every call shows, or that only errors on Meta show, does not explain another effect.
    if (a.effect != b.effect && a.needs.empty() && b.judged != Judged::below) return false;
    if (b.effect == Effect::failure && b.judged == Judged::other_facts) return false;
    if (b.effect == Effect::failure && a.other_tensor && !b.has_feature("position:written")) return false;
    size_t shown = 0, shown_with_ordinary_values = 0;
    for (const Case& side : b.sides) {
      shown += shows(side, a);
      shown_with_ordinary_values += shows(with_ordinary_values(side), a);
    }
    const bool differs_by_itself = needs_layout(a.needs) || a.is_random || b.judged == Judged::other;
    if (a.effect != Effect::values || b.effect != Effect::values || differs_by_itself)
      return shown + shown_with_ordinary_values > 0;
    return shown > 0 && shown < b.sides.size();
  }

  // `b` shows in the smallest case of `a`, but not if what `a` needs is taken away.
  bool varies_with(const Suspect& a, const Suspect& b) {
    if (a.needs.empty() || !shows_without_path(a.finding.minimal, b)) return false;
    size_t vanished = 0;
    for (const Case& c : without_a_need(a.finding)) {
      if (verdict_on(c, a)) continue;
      ++vanished;
      if (shows_without_path(c, b)) return false;
    }
    return vanished > 0;
  }

  // An undeclared write or alias, which every call shows, makes a fallback raise.
  bool makes_raise(const Suspect& a, const Suspect& b) {
    if (a.effect != Effect::memory || b.effect != Effect::failure || b.judged != Judged::below) return false;
    if (a.other_tensor && !b.has_feature("position:written")) return false;
    return (shows_without_path(a.finding.minimal, b) ||
            std::ranges::any_of(without_a_need(b.finding), [&](Case c) {
              c.header.path.clear();
              return shows(c, a);
            }));
  }

  // Both fallbacks meet an operator that does not do its part, or one of them only because an earlier call
  // passed on a lazy tensor.
  bool is_same_fault_below(const Suspect& a, const Suspect& b) {
    if (a.sides.empty() || b.sides.empty()) return false;
    const auto on_b = verdict_with_any_values(b.sides.front(), a);
    if (!on_b) return false;
    const char* several = "calls:several";
    if (a.effect == b.effect && b.has_feature(several) && !a.has_feature(several)) return true;
    if (b.judged != Judged::below) return false;
    const auto on_a = verdict_with_any_values(a.sides.front(), b);
    if (!on_a) return false;
    if (on_a->died != on_b->died) return std::max(on_a->reach, on_b->reach) != oracles::Reach::fallback;
    if (on_a->reach != on_b->reach) return false;
    const auto is_bit = [](const Suspect& s) { return s.oracle == "conj" || s.oracle == "neg"; };
    return on_a->reach != oracles::Reach::fallback || (is_bit(a) && is_bit(b) && a.effect == b.effect);
  }

  struct Shown {
    Kind kind;
    bool died, direct_died;
    oracles::Reach reach;
    oracles::Shown right;  // what the right side shows
  };

  static Shown shown_by(const Verdict& verdict) {
    const bool died = verdict.divergence.is_death();
    return {verdict.divergence.kind, died, died && verdict.right.empty(), verdict.reach,
            verdict.divergence.right.shown};
  }

  bool shows(const Case& c, const Suspect& a) {
    const bool in_place = a.finding.verdict.divergence.form == oracles::OutState::none;
    const auto twin = in_place ? in_form_of(c, a.finding) : std::nullopt;
    const auto shown = verdict_on(twin ? *twin : c, a);
    return shown && (shown->direct_died ? a.dies : effect_of(shown->kind) == a.effect);
  }

  bool shows_without_path(Case c, const Suspect& a) {
    c.header.path.clear();
    return shows(c, a) || shows(varied(std::move(c), a), a);
  }

  // Zeros and real numbers hide some mistakes.
  static Case varied(Case c, const Suspect& a) {
    return a.oracle == "conj" ? with_complex_values(std::move(c)) : with_ordinary_values(std::move(c));
  }

  std::optional<Shown> verdict_with_any_values(const Case& c, const Suspect& a) {
    const auto shown = verdict_on(c, a);
    return shown ? shown : verdict_on(varied(c, a), a);
  }

  // What the oracle of `a` reports of its operator on a case; nothing if it finds no difference.
  std::optional<Shown> verdict_on(const Case& c, const Suspect& a) {
    for (const auto& [judged, oracle, shown] : experiments_)
      if (oracle == a.oracle && judged == c) return shown;
    if (experiments_.size() >= experiments_max) return std::nullopt;
    const Verdict verdict = judge_(c, a.oracle);
    std::optional<Shown> shown;
    if (verdict.is_detection() && verdict.divergence.op == a.finding.signature.op) shown = shown_by(verdict);
    experiments_.emplace_back(c, a.oracle, shown);
    return shown;
  }

  const Judge& judge_;
  std::vector<Suspect> suspects_;
  std::vector<size_t> plainest_, root_;
  std::vector<std::set<size_t>> explained_;  // which findings explain it
  std::vector<std::tuple<Case, std::string, std::optional<Shown>>> experiments_;
};

}  // namespace

std::vector<Mistake> mistakes_of(const std::vector<const Finding*>& findings,
                                 const std::vector<std::vector<size_t>>& together, const Judge& judge) {
  return Gathering(findings, judge).mistakes(together);
}

}  // namespace reports
