// meta: the real run (left) and the Meta path (right) agree in sizes, strides, offset, dtype, aliasing,
// number of outputs, and whether they raise, unless the real run depends on values, which the Meta path does
// not have.
#include "oracles/oracle_checks.h"
#include "oracles/relations/without_data.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

const Exclusions& depends_on_data_or_device() {
  static const Exclusions list{
      {"aten::set_*", "replaces memory"},
      {"aten::set.*", "replaces memory"},
      {"aten::is_set_to*", "returns something about memory"},
      {"aten::is_pinned", "returns something about memory"},
      {"aten::_has_same_storage_numel*", "returns something about memory"},
      {"aten::_local_scalar_dense*", "depends on a value"},
      {"aten::item", "depends on a value"},
      {"aten::is_nonzero", "depends on a value"},
      {"aten::equal", "depends on values"},
      {"aten::allclose", "depends on values"},
      {"aten::*Int*", "converts a value"},
      {"aten::_nnpack_available", "depends on the machine"},
      {"aten::_use_cudnn*", "depends on the machine"},
      {"aten::is_vulkan_available", "depends on the machine"},
      {"aten::cuda*", "requires another device"},
      {"aten::cpu", "depends on the device"},
      {"aten::to.*", "names a device"},
      {"aten::_to_cpu", "depends on the device"},
      {"aten::_autocast_to_*", "depends on the device"},
      {"aten::_sparse_*_tensor_unsafe*", "takes its device from an option"},
      {"aten::_nested_*", "has no Meta tensors"},
  };
  return list;
}

}  // namespace

Verdict check_meta(Trial& trial) {
  const corpora::Path meta{{corpora::LayerKind::meta}};
  if (const std::string_view why = depends_on_data_or_device().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial, meta)) return *verdict;
  if (const std::string what = trial.subject().known_gap(trial.test_case(), meta); !what.empty())
    return gap(what);
  Relation relation;
  relation.right = meta;
  relation.rules.values = relation.rules.device = false;
  relation.rules.bits = true;
  relation.accepts_layout_errors = !trial.subject().meta_knows_layouts();
  return judge_without_data(trial, relation);
}

}  // namespace oracles
