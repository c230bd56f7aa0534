// fake: the real run (left), and the same program with fake tensors (right), agree in everything that `meta`
// compares, in devices, and in which results share memory. On PyTorch, the program has run before in half of
// the cases, so that its results come from the cache of FakeTensorMode; the engine's fake mode has no cache.
#include "oracles/oracle_checks.h"
#include "oracles/relations/without_data.h"
#include "oracles/trial/chosen_layers.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& about_memory_or_machine() {
  static const Exclusions list{
      {"aten::imag", "depends on the bit, which the engine's fake tensors do not show"},
      {"aten::real", "depends on the bit, which the engine's fake tensors do not show"},
      {"aten::resolve_*", "depends on the bit, which the engine's fake tensors do not show"},
      {"aten::is_conj", "depends on the bit, which the engine's fake tensors do not show"},
      {"aten::is_neg", "depends on the bit, which the engine's fake tensors do not show"},
      {"aten::_is_zerotensor", "depends on the bit, which the engine's fake tensors do not show"},
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

}  // namespace

Verdict check_fake(Trial& trial) {
  constexpr uint64_t runs_before = 2;  // none or one
  if (const std::string_view why = about_memory_or_machine().reason(trial.operators()); !why.empty())
    return refused(why);
  const corpora::Path fake{
      {corpora::LayerKind::fake, chosen_number(trial, corpora::LayerKind::fake, runs_before)}};
  if (auto verdict = early_verdict(trial, fake)) return *verdict;
  Relation relation;
  relation.right = fake;
  relation.rules.values = false;
  relation.rules.bits = true;
  relation.undeclared_aliases = true;
  return judge_without_data(trial, relation);
}

}  // namespace oracles
