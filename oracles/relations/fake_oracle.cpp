// fake: the real run (left), and the same program with fake tensors (right), agree in everything that `meta`
// compares, in devices, and in which results share memory. The program has run before in half of the cases,
// so that its results come from the cache of the fake mode; in a third, sizes of inputs are symbols.
#include "oracles/oracle_checks.h"
#include "oracles/relations/without_data.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

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

// The requested path, or one that draws how often the program has run before; in one case of three, sizes are
// symbols, if the subject has them.
corpora::Path fake_path(Trial& trial) {
  using corpora::LayerKind;
  if (is_requested(trial, LayerKind::fake)) return trial.requested_path();
  constexpr uint64_t runs_before = 2;  // none or one
  constexpr uint64_t draws_of_symbols = 8;
  const corpora::Path plain{{LayerKind::fake, chosen_number(trial, LayerKind::fake, runs_before)}};
  const auto draw = static_cast<uint64_t>(chosen_number(trial, LayerKind::symbolic, 3 * draws_of_symbols));
  if (draw >= draws_of_symbols) return plain;
  corpora::Path symbolic = plain;
  symbolic.push_back({LayerKind::symbolic, static_cast<int32_t>(draw)});
  return trial.subject().refuses(trial.test_case(), symbolic).empty() ? symbolic : plain;
}

}  // namespace

Verdict check_fake(Trial& trial) {
  if (const std::string_view why = about_memory_or_machine().reason(trial.operators()); !why.empty())
    return refused(why);
  const corpora::Path fake = fake_path(trial);
  if (auto verdict = early_verdict(trial, fake)) return *verdict;
  Relation relation;
  relation.right = fake;
  relation.rules.values = false;
  relation.rules.bits = true;
  relation.rules.version = trial.subject().name() == "engine";
  relation.undeclared_aliases = true;
  return judge_without_data(trial, relation);
}

}  // namespace oracles
