// determinism: two direct runs, with fresh memory filled with two patterns, agree bit for bit in everything.
#include "oracles/compare/comparator.h"
#include "oracles/oracle_checks.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/settle.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& uninitialised_by_contract() {
  static const Exclusions list = Exclusions::beside_uninitialised({
      {"aten::set_*", "may return uninitialised memory"},
      {"aten::set.*", "may return uninitialised memory"},
      {"aten::_efficientzerotensor.out", "its result has no memory"},
      {"*::*fbgemm_pack_gemm_matrix_fp16", "the padding of its result is uninitialised"},
      {"aten::_nnpack_spatial_convolution*", "reads uninitialised padding"},
      {"quantized::make_quantized_cell_params*", "returns an object"},
  });
  return list;
}

}  // namespace

Verdict check_determinism(Trial& trial) {
  if (auto verdict = early_verdict(trial)) return *verdict;
  Verdict verdict;
  verdict.right = {{corpora::LayerKind::pattern}};
  Comparison rules;
  rules.bits = rules.version = rules.sign_of_nan = true;
  rules.first_fresh_storage = static_cast<int32_t>(trial.test_case().storages.size());
  Compared compared = compare(trial.direct(), trial.direct_other_pattern(), rules);
  conclude(trial, compared, verdict);
  if (!compared.divergence) return verdict;

  const corpora::Operator& op = *trial.operators()[static_cast<size_t>(compared.call)];
  if (const std::string_view why = uninitialised_by_contract().reason(op); !why.empty())
    return incomparable(std::move(verdict), why);
  // If a run with the same pattern agrees, the result depends on memory; if not, the operator is
  // nondeterministic.
  verdict.divergence.uninitialised = !compare(trial.direct(), trial.run({}), rules).divergence;
  verdict.divergence.kind = Kind::nondeterminism;
  return verdict;
}

}  // namespace oracles
