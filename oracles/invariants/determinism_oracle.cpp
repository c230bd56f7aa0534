// determinism: the direct run twice, with fresh memory filled with two patterns; everything agrees bit for
// bit.
#include "oracles/checks.h"
#include "oracles/compare/comparator.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& uninitialised_by_contract() {
  static const Exclusions list{
      {"aten::empty*", "returns uninitialised memory by contract"},
      {"aten::new_empty*", "returns uninitialised memory by contract"},
      {"aten::_empty_*", "returns uninitialised memory by contract"},
      {"aten::resize*", "new elements are uninitialised by contract"},
      {"aten::_resize_output*", "new elements are uninitialised by contract"},
      {"aten::set_*", "may show memory that nothing wrote"},
      {"aten::set.*", "may show memory that nothing wrote"},
      {"aten::_efficientzerotensor.out", "its result has no memory to write"},
      {"quantized::make_quantized_cell_params*", "returns an object"},
  };
  return list;
}

}  // namespace

Verdict check_determinism(Trial& trial) {
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  Verdict verdict;
  verdict.right = {{corpora::LayerKind::pattern}};
  Comparison rules;
  rules.bits = rules.version = rules.sign_of_nan = true;
  rules.first_fresh_storage = static_cast<int32_t>(trial.test_case().storages.size());
  Compared compared = compare(trial.direct(), trial.direct_other_pattern(), rules);
  verdict.judgement = compared.judgement;
  verdict.why = compared.why;
  if (!compared.divergence) return verdict;

  const auto call = static_cast<size_t>(compared.call);
  verdict.divergence = std::move(*compared.divergence);
  Divergence& d = verdict.divergence;
  d.op = trial.test_case().calls[call].op;
  if (const std::string_view why = uninitialised_by_contract().reason(*trial.operators()[call]); !why.empty())
    return incomparable(std::move(verdict), why);
  // The same pattern again: if that agrees, memory makes the difference; if not, the operator is
  // nondeterministic.
  d.uninitialised = !compare(trial.direct(), trial.run({}), rules).divergence;
  d.kind = Kind::nondeterminism;
  return verdict;
}

}  // namespace oracles
