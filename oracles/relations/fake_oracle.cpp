// fake: the real run (left), and the same program with fake tensors (right), agree in everything that `meta`
// compares, in devices, in which results share memory, and in the numbers that it returns. The program has
// run before in half of the cases, so that its results come from the cache of the fake mode; in others,
// tensors of one element are constants, or sizes of inputs are symbols.
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

// The requested path, or one that draws whether the program has run before and whether there are constants;
// in one case of sixteen, sizes are symbols, if the subject has them: they make calls ten times slower.
corpora::Path fake_path(Trial& trial) {
  if (is_requested(trial, LayerKind::fake)) return trial.requested_path();
  constexpr uint64_t draws = 4, draws_of_symbols = 8, share_of_symbols = 16;
  const corpora::Path plain{{LayerKind::fake, chosen_number(trial, LayerKind::fake, draws)}};
  const auto draw =
      static_cast<uint64_t>(chosen_number(trial, LayerKind::symbolic, share_of_symbols * draws_of_symbols));
  if (draw >= draws_of_symbols) return plain;
  const corpora::Path symbolic{{LayerKind::fake, 0}, {LayerKind::symbolic, static_cast<int32_t>(draw)}};
  return trial.subject().refuses(trial.test_case(), symbolic).empty() ? symbolic : plain;
}

Relation relation_of(Trial& trial, const corpora::Path& path) {
  Relation relation;
  relation.right = path;
  relation.rules.values = false;
  relation.rules.bits = true;
  relation.rules.version = trial.subject().name() == "engine";
  relation.undeclared_aliases = true;
  return relation;
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
  const Verdict of_meta = judge_without_data(trial, relation_of(trial, meta));
  return of_meta.judgement == Judgement::differ && same_divergence(verdict.divergence, of_meta.divergence);
}

}  // namespace

Verdict check_fake(Trial& trial) {
  if (const std::string_view why = about_memory_or_machine().reason(trial.operators()); !why.empty())
    return refused(why);
  const corpora::Path fake = fake_path(trial);
  if (auto verdict = early_verdict(trial, fake)) return *verdict;
  Verdict verdict = judge_without_data(trial, relation_of(trial, fake), /*numbers=*/true);
  if (verdict.judgement == Judgement::differ && shows_on_meta(trial, verdict))
    return incomparable(std::move(verdict), "the Meta kernel shows the same, which the oracle meta reports");
  return verdict;
}

}  // namespace oracles
