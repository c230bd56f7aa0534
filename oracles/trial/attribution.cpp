#include "oracles/trial/attribution.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <span>

#include "corpora/case/far_sizes.h"
#include "oracles/compare/element.h"
#include "oracles/trial/gradient_cuts.h"
#include "oracles/trial/nested_call.h"
#include "oracles/trial/settle.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;
using corpora::Path;

// The longest list of nested calls that are judged, and of storages of one call that get a layer by itself.
constexpr size_t most_calls = 16, most_storages = 4;

std::vector<TraceEntry> trace_of(Trial& trial, const Path& path) {
  trial.subject().record_trace(true);
  trial.subject().record_arguments(true);
  Outcome outcome = trial.run(path);
  trial.subject().record_arguments(false);
  trial.subject().record_trace(false);
  return std::move(outcome.trace);
}

// A dispatched call with those that it makes.
using CallTree = std::span<const TraceEntry>;

CallTree tree_at(const std::vector<TraceEntry>& trace, size_t first) {
  size_t end = first + 1;
  while (end < trace.size() && trace[end].depth > trace[first].depth) ++end;
  return CallTree(trace).subspan(first, end - first);
}

// The library's calls that the program's call makes: those below operators of authors only.
std::vector<CallTree> library_calls(Trial& trial, const std::vector<TraceEntry>& trace, int call) {
  std::vector<CallTree> found;
  int top = -1, authors_to = 0;  // how deep the current entries are below operators of authors only
  for (size_t i = 0; i < trace.size(); ++i) {
    const TraceEntry& entry = trace[i];
    if (entry.depth == 0) ++top, authors_to = 0;
    if (top != call || entry.depth > authors_to) continue;
    const corpora::Operator* op = trial.subject().catalog().find(entry.op);
    const bool of_author = op && op->by_author;
    authors_to = of_author ? entry.depth + 1 : entry.depth;
    if (!of_author && op && entry.depth > 0) found.push_back(tree_at(trace, i));
  }
  return found;
}

// Whether the keys of the call, or of one that it makes, include one of the path's layers; or the path has no
// layer with a key. A call that falls through at a key makes others that have it.
bool meets(Trial& trial, CallTree tree, const Path& path) {
  uint64_t met = 0;
  for (const TraceEntry& entry : tree) met |= entry.keys;
  bool any = false;
  const std::vector<std::string> keys = trial.subject().key_names(met);
  for (const corpora::Layer& layer : path) {
    if (!layer.row().key) continue;
    any = true;
    // Keys of autograd are named after a backend, too: "AutogradCPU".
    const bool by_prefix = *layer.row().key == engine::DispatchKey::AutogradFunctionality;
    const std::string_view name = by_prefix ? "Autograd" : engine::name_of(*layer.row().key);
    if (std::ranges::any_of(
            keys, [&](const std::string& key) { return by_prefix ? key.starts_with(name) : key == name; }))
      return true;
  }
  return !any;
}

// Zeros of any sign: a view with the Negative bit negates them.
bool is_zero(const corpora::Storage& storage) {
  const size_t size = engine::size_of(storage.dtype);
  for (size_t at = 0; at + size <= storage.bytes.size(); at += size)
    for (int i = 0; i < components_of(storage.dtype); ++i)
      if (component_at(storage.dtype, storage.bytes.data() + at, i) != 0) return false;
  return true;
}

// The paths along which a nested call is judged: for a layer of storages, on all that can have it and on
// each; for a recorded run, the layers that are not of storages; otherwise the oracle chooses.
std::vector<Path> paths_for(const corpora::Case& c, const Path& path) {
  if (has_layer(path, LayerKind::dual)) return {{{LayerKind::dual, 0}}};
  if (has_layer(path, LayerKind::grad)) {
    Path kept;
    std::ranges::copy_if(path, std::back_inserter(kept),
                         [](const corpora::Layer& each) { return !each.row().names_a_storage(); });
    Path plain = kept;
    std::erase_if(plain, [](const corpora::Layer& each) { return each.kind == LayerKind::incoming; });
    if (plain == kept) return {kept};
    return {plain, kept};
  }
  const auto layer = std::ranges::find_if(path, [](const corpora::Layer& each) {
    return each.row().names_a_storage() && each.row().marks_views;
  });
  if (layer == path.end()) return {{}};
  Path all;
  for (size_t s = 0; s < c.storages.size(); ++s) {
    const corpora::Storage& storage = c.storages[s];
    const bool fits = !layer->row().accepts || layer->row().accepts(storage.dtype);
    if (fits && (layer->kind != LayerKind::zero || is_zero(storage)))
      all.push_back({layer->kind, static_cast<int32_t>(s)});
  }
  std::vector<Path> paths;
  if (!all.empty()) paths.push_back(all);
  for (size_t i = 0; i < all.size() && i < most_storages && all.size() > 1; ++i) paths.push_back({all[i]});
  return paths;
}

bool is_geometry(Kind kind) { return kind == Kind::strides || kind == Kind::offset || kind == Kind::sizes; }

// Whether a divergence of a nested call explains one of the call that makes it.
bool explains(Kind nested, Kind outer) {
  if (nested == outer) return true;
  return is_geometry(nested) && (is_geometry(outer) || outer == Kind::alias || outer == Kind::error);
}

// Whether the sides of a nested call differ too, but need not agree, or cannot be judged: equal elements may
// be sorted in any order, or a Meta kernel is missing here.
bool need_not_agree(const Verdict& nested, const Verdict& outer) {
  if (nested.judgement == Judgement::gap) return outer.divergence.kind == Kind::error;
  const bool same_program = outer.right_case.empty();  // else the nested calls differ, too: in their dtypes
  return same_program && nested.judgement == Judgement::incomparable &&
         (is_about_values(outer.divergence.kind) || outer.divergence.kind == Kind::gradient);
}

// The verdict on a call by itself that is like `outer`, which a program found that makes this call; nothing
// if the call cannot be judged alone, or agrees.
std::optional<Verdict> judged_alone(Trial& trial, const Oracle& oracle, const TraceEntry& entry,
                                    const Verdict& outer,
                                    const std::function<Verdict(Trial&, const Oracle&)>& check) {
  std::optional<corpora::Case> c = case_of_call(entry, *trial.subject().catalog().find(entry.op));
  if (!c || !trial.subject().refuses(*c, {}).empty()) return std::nullopt;
  std::optional<Verdict> last;
  for (const Path& path : paths_for(*c, outer.right)) {
    c->header.path = path;
    Trial alone(trial.subject(), *c);
    alone.before_run = [&](const Path&) {
      if (trial.before_run) trial.before_run(outer.right);
    };
    last = check(alone, oracle);
    if (last->judgement == Judgement::differ && explains(last->divergence.kind, outer.divergence.kind)) break;
  }
  return last;
}

// Judges the library's calls that the author's kernel makes on both sides.
std::string nested_cause(Trial& trial, const Oracle& oracle, const Verdict& verdict,
                         const std::vector<TraceEntry>& trace) {
  const auto check = [](Trial& alone, const Oracle& by) { return by.check(alone); };
  const std::vector<TraceEntry> right = trace_of(trial, verdict.right);
  std::set<std::string_view> also_right;
  for (const CallTree tree : library_calls(trial, right, verdict.divergence.call))
    if (meets(trial, tree, verdict.right)) also_right.insert(tree.front().op);
  size_t judged = 0;
  for (const CallTree tree : library_calls(trial, trace, verdict.divergence.call)) {
    const TraceEntry& entry = tree.front();
    if (!also_right.contains(entry.op) || ++judged > most_calls) continue;
    const std::optional<Verdict> found = judged_alone(trial, oracle, entry, verdict, check);
    if (!found) continue;
    if (found->judgement == Judgement::differ && explains(found->divergence.kind, verdict.divergence.kind))
      return fmt::format("the library's {} differs by itself: {}", entry.op, name_of(found->divergence.kind));
    if (need_not_agree(*found, verdict))
      return fmt::format("of the library's {} alone: {}", entry.op, found->why);
  }
  return {};
}

// Judges the author's call without the library's calls before it.
std::string earlier_cause(Trial& trial, const Oracle& oracle, const Verdict& verdict,
                          const std::vector<TraceEntry>& trace) {
  const auto call = static_cast<size_t>(verdict.divergence.call);
  const auto& operators = trial.operators();
  const bool after_author = std::any_of(operators.begin(), operators.begin() + verdict.divergence.call,
                                        [](const corpora::Operator* op) { return op->by_author; });
  size_t top = 0;
  const TraceEntry* entry = nullptr;
  for (const TraceEntry& each : trace)
    if (each.depth == 0 && top++ == call) entry = &each;
  if (call == 0 || entry == nullptr) return {};
  const std::optional<Verdict> alone = judged_alone(trial, oracle, *entry, verdict, check_and_attribute);
  if (!alone || alone->is_detection()) return {};
  if (alone->judgement == Judgement::incomparable && !alone->why.empty()) return alone->why;
  return after_author ? "" : "it needs what the library's calls before it returned";
}

std::string library_cause(Trial& trial, const Oracle& oracle, const Verdict& verdict) {
  // The side of the arguments as they are.
  const bool left_copies = has_layer(verdict.left, LayerKind::contiguous);
  const std::vector<TraceEntry> trace = trace_of(trial, left_copies ? verdict.right : verdict.left);
  // An error about overwritten memory does not depend on which arguments get gradients.
  const bool is_derivative = verdict.divergence.kind == Kind::gradient &&
                             verdict.divergence.place.part == Part::gradient &&
                             !has_layer(verdict.right, LayerKind::overwritten);
  const bool forward = has_layer(verdict.right, LayerKind::dual);
  if (is_derivative)
    if (std::string why = gradient_cut(trial, oracle, trace, verdict.divergence.call, forward); !why.empty())
      return why;
  if (std::string why = earlier_cause(trial, oracle, verdict, trace); !why.empty()) return why;
  return nested_cause(trial, oracle, verdict, trace);
}

}  // namespace

std::vector<corpora::Case> nested_cases(Trial& trial, const Path& path, int call) {
  std::vector<corpora::Case> cases;
  size_t taken = 0;
  // Beside a ZeroTensor are real zeros, as on the left side of the oracle `zero`.
  Path other_side;
  for (const corpora::Layer& layer : path)
    if (layer.kind == LayerKind::zero) other_side.push_back({LayerKind::zeros, layer.storage});
  const std::vector<TraceEntry> trace = trace_of(trial, other_side);
  for (const CallTree tree : library_calls(trial, trace, call)) {
    const TraceEntry& entry = tree.front();
    std::optional<corpora::Case> c = case_of_call(entry, *trial.subject().catalog().find(entry.op));
    if (!c || ++taken > most_calls) continue;
    for (const Path& like : paths_for(*c, path)) {
      c->header.path = like.empty() ? path : like;
      if (trial.subject().refuses(*c, c->header.path).empty()) cases.push_back(*c);
    }
  }
  return cases;
}

Verdict check_and_attribute(Trial& trial, const Oracle& oracle) {
  Verdict verdict = oracle.check(trial);
  if (verdict.divergence.kind == Kind::memory && verdict.is_detection() &&
      corpora::has_far_size(trial.test_case()))
    return over_budget("one side needs memory for an input of too many elements");
  const bool other_call =
      !verdict.right_case.empty() && oracle.name != "precision" && oracle.name != "threads";
  if (verdict.judgement != Judgement::differ || other_call) return verdict;
  const corpora::Operator* op = trial.subject().catalog().find(verdict.divergence.op);
  if (!op || !op->by_author) return verdict;
  const std::string why = library_cause(trial, oracle, verdict);
  return why.empty() ? verdict : incomparable(std::move(verdict), why);
}

}  // namespace oracles
