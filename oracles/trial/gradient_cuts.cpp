#include "oracles/trial/gradient_cuts.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "oracles/trial/nested_call.h"

namespace oracles {

namespace {

using corpora::LayerKind;

// Each view in a storage of its own.
corpora::Case with_own_storages(corpora::Case c) {
  const std::vector<corpora::Storage> shared = std::move(c.storages);
  c.storages.clear();
  for (corpora::Input& input : c.inputs) {
    c.storages.push_back(shared[static_cast<size_t>(input.storage)]);
    input.storage = static_cast<int32_t>(c.storages.size()) - 1;
  }
  return c;
}

// The first dimensions left out, or one of size 1 before them.
corpora::Case with_other_ranks(corpora::Case c, int by) {
  for (corpora::Input& input : c.inputs) {
    if (by > 0) {
      input.sizes.insert(input.sizes.begin(), 1);
      input.strides.insert(input.strides.begin(), 1);
    }
    for (int left_out = by; left_out < 0 && !input.sizes.empty(); ++left_out) {
      input.sizes.erase(input.sizes.begin());
      input.strides.erase(input.strides.begin());
    }
  }
  return c;
}

struct Cut {
  std::vector<bool> stopped;  // by input: no gradient reaches it
  bool detaches = false;

  bool any() const { return detaches || std::ranges::count(stopped, true) > 0; }
};

bool is_recorded(Trial& trial, const TraceEntry& call) {
  return std::ranges::any_of(trial.subject().key_names(call.keys),
                             [](const std::string& key) { return key.starts_with("Autograd"); });
}

// In forward mode: whether no result of the call has a tangent.
std::optional<Cut> tangents_lost(Trial& trial, const corpora::Case& c) {
  const corpora::Path dual{{LayerKind::dual, 0}};
  if (!corpora::fault_of(c).empty() || !trial.subject().refuses(c, dual).empty()) return std::nullopt;
  const Outcome run = trial.run(c, dual, dual);
  if (!run.returned() || !run.backward) return std::nullopt;
  return Cut{{std::ranges::none_of(run.backward->gradients, &TensorSnapshot::defined)}, false};
}

// Nothing if the call is not accepted or returns no gradients.
std::optional<Cut> cut_of(Trial& trial, const corpora::Case& c, bool forward) {
  if (forward) return tangents_lost(trial, c);
  const corpora::Path recording{{LayerKind::grad}};
  if (!corpora::fault_of(c).empty() || !trial.subject().refuses(c, recording).empty()) return std::nullopt;
  trial.subject().record_trace(true);
  const Outcome run = trial.run(c, recording, recording);
  trial.subject().record_trace(false);
  if (!run.backward || run.backward->status != Status::returned) return std::nullopt;
  Cut cut;
  for (const corpora::Input& input : c.inputs) {
    const auto s = static_cast<size_t>(input.storage);
    const std::vector<TensorSnapshot>& gradients = run.backward->gradients;
    const bool moves = !engine::is_integral(c.storages[s].dtype) && engine::element_count(input.sizes) > 0;
    cut.stopped.push_back(moves && (s >= gradients.size() || !gradients[s].defined));
  }
  cut.detaches = std::ranges::any_of(run.trace, [&](const TraceEntry& call) {
    return call.depth == 1 && call.op == "aten::detach" && is_recorded(trial, call);
  });
  return cut;
}

// Whether the call cuts less with tensors of other ranks.
bool depends_on_ranks(Trial& trial, const corpora::Case& c, const Cut& cut, bool forward) {
  return std::ranges::any_of(std::array{-1, -2, -3, 1}, [&](int by) {
    const std::optional<Cut> other = cut_of(trial, with_other_ranks(c, by), forward);
    if (!other) return false;
    if (cut.detaches && !other->detaches) return true;
    for (size_t i = 0; i < cut.stopped.size(); ++i)
      if (cut.stopped[i] && !other->stopped[i]) return true;
    return false;
  });
}

// Whether the call differs, too, if what no gradient reaches is constant.
bool differs_beside(Trial& trial, const Oracle& oracle, corpora::Case c, const Cut& cut) {
  corpora::Path path{{LayerKind::grad}};
  bool any_moves = false;
  for (size_t i = 0; i < cut.stopped.size(); ++i) {
    if (cut.stopped[i]) path.push_back({LayerKind::constant, static_cast<int32_t>(i)});
    any_moves = any_moves || (!cut.stopped[i] && !engine::is_integral(c.storages[i].dtype));
  }
  if (!any_moves) return false;
  c.header.path = path;
  Trial alone(trial.subject(), c);
  alone.before_run = trial.before_run;
  return oracle.check(alone).judgement == Judgement::differ;
}

}  // namespace

std::string gradient_cut(Trial& trial, const Oracle& oracle, const std::vector<TraceEntry>& trace, int last,
                         bool forward) {
  int call = -1;
  for (const TraceEntry& entry : trace) {
    if (entry.depth > 0 || ++call > last) continue;
    const corpora::Operator* op = trial.subject().catalog().find(entry.op);
    if (!op || !op->by_author) continue;
    const std::optional<corpora::Case> shared = case_of_call(entry, *op);
    if (!shared) continue;
    const corpora::Case c = with_own_storages(*shared);
    const std::optional<Cut> cut = cut_of(trial, c, forward);
    if (!cut || !cut->any()) continue;
    if (depends_on_ranks(trial, c, *cut, forward)) return {};
    if (forward) return fmt::format("{} passes no tangents on for any rank", entry.op);
    if (last == 0 && !cut->detaches && differs_beside(trial, oracle, c, *cut)) return {};
    if (cut->detaches) return fmt::format("{} calls detach for all ranks", entry.op);
    return fmt::format("{} never passes a gradient to one of its arguments", entry.op);
  }
  return {};
}

}  // namespace oracles
