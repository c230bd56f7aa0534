// fake: the real run (left), and the same program with fake tensors (right), agree in everything that `meta`
// compares, in devices, in which results share memory and which require gradients, and in the numbers that it
// returns. The program has run before in half of the cases, so that its results come from the cache of the
// fake mode; in others, tensors of one element are constants, or sizes of inputs are symbols. On the engine,
// both sides also have inputs on two devices, inputs that require gradients, or inputs with lazy bits.
#include <array>

#include "oracles/oracle_checks.h"
#include "oracles/relations/without_data.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

using corpora::LayerKind;

namespace {

const Exclusions& about_memory_or_machine() {
  static const Exclusions list{
      {"aten::set_*", "replaces memory"},
      {"aten::set.*", "replaces memory"},
      {"aten::is_set_to*", "returns something about memory"},
      {"aten::is_pinned", "returns something about memory"},
      {"aten::_has_same_storage_numel*", "returns something about memory"},
      {"aten::_nnpack_available", "depends on the machine"},
      {"aten::_use_cudnn*", "depends on the machine"},
      {"aten::is_vulkan_available", "depends on the machine"},
  };
  return list;
}

// What both sides have on the engine, each in one case of four: storages on another device, gradients, or a
// lazy bit.
corpora::Path both_sides(Trial& trial) {
  if (trial.subject().name() != "engine") return {};
  corpora::PhiloxChoices choices = trial.choices(static_cast<uint64_t>(LayerKind::other_device));
  const uint64_t draw = choices.below(4);
  const auto storages = static_cast<int32_t>(trial.test_case().storages.size());
  corpora::Path path;
  if (draw == 0)
    for (int32_t s = 0; s < storages; ++s)
      if (choices.chance(1, 2)) path.push_back({LayerKind::other_device, s});
  if (draw == 1) path.push_back({LayerKind::grad});
  constexpr std::array bits{LayerKind::zero, LayerKind::neg, LayerKind::conj};
  if (draw == 2 && storages > 0)
    path.push_back(
        {choices.pick(bits), static_cast<int32_t>(choices.below(static_cast<uint64_t>(storages)))});
  corpora::Path fake = path;
  fake.push_back({LayerKind::fake, 0});
  return trial.refuses(fake).empty() ? path : corpora::Path();
}

// Draws whether the program has run before and whether there are constants; or symbolic sizes, if the subject
// has them: in one case of four, of PyTorch in one of sixteen, because they make its calls ten times slower.
corpora::Path fake_layers(Trial& trial, const corpora::Path& common) {
  constexpr uint64_t draws = 4, draws_of_symbols = 8;
  const uint64_t share_of_symbols = trial.subject().name() == "engine" ? 4 : 16;
  corpora::Path plain = common, symbolic = common;
  plain.push_back({LayerKind::fake, chosen_number(trial, LayerKind::fake, draws)});
  const auto draw =
      static_cast<uint64_t>(chosen_number(trial, LayerKind::symbolic, share_of_symbols * draws_of_symbols));
  if (draw >= draws_of_symbols) return plain;
  symbolic.insert(symbolic.end(), {{LayerKind::fake, 0}, {LayerKind::symbolic, static_cast<int32_t>(draw)}});
  return trial.refuses(symbolic).empty() ? symbolic : plain;
}

Relation relation_of(Trial& trial, corpora::Path left, corpora::Path right) {
  Relation relation{std::move(left), std::move(right), {}, /*undeclared_aliases=*/true};
  relation.rules.values = false;
  relation.rules.bits = true;
  relation.rules.version = trial.subject().name() == "engine";
  relation.rules.requires_grad = trial.subject().name() == "engine";
  return relation;
}

// The requested path or a drawn one, and the same without fake tensors.
Relation drawn_relation(Trial& trial) {
  corpora::Path left;
  if (!is_requested(trial, LayerKind::fake)) {
    left = both_sides(trial);
    return relation_of(trial, left, fake_layers(trial, left));
  }
  for (const corpora::Layer& layer : trial.requested_path())
    if (layer.kind != LayerKind::fake && layer.kind != LayerKind::symbolic) left.push_back(layer);
  return relation_of(trial, left, trial.requested_path());
}

bool same_divergence(const Divergence& a, const Divergence& b) {
  const Side &left = a.right, &right = b.right;
  return a.kind == b.kind && a.call == b.call && a.place == b.place && left.raised() == right.raised() &&
         left.shown == right.shown;
}

// Fake tensors run the Meta kernels of the library's operators, and the oracle meta judges those.
bool shows_on_meta(Trial& trial, const Verdict& verdict) {
  const corpora::Path meta{{LayerKind::meta}};
  if (trial.subject().name() == "engine" || !trial.refuses(meta).empty()) return false;
  if (trial.operators()[static_cast<size_t>(verdict.divergence.call)]->by_author) return false;
  Relation relation = relation_of(trial, {}, meta);
  relation.rules.device = false;
  const Verdict of_meta = judge_without_data(trial, relation);
  return of_meta.judgement == Judgement::differ && same_divergence(verdict.divergence, of_meta.divergence);
}

}  // namespace

Verdict check_fake(Trial& trial) {
  if (const std::string_view why = about_memory_or_machine().reason(trial.operators()); !why.empty())
    return refused(why);
  const Relation relation = drawn_relation(trial);
  if (auto verdict = early_verdict(trial, relation.right)) return *verdict;
  if (auto verdict = refused_path(trial, relation)) return *verdict;
  Verdict verdict = judge_without_data(trial, relation, /*numbers=*/true);
  if (verdict.judgement == Judgement::differ && shows_on_meta(trial, verdict))
    return incomparable(std::move(verdict), "the Meta kernel shows the same, which the oracle meta reports");
  return verdict;
}

}  // namespace oracles
