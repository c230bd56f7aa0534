// neg: storages of numbers behind the Negative bit.
#include "oracles/checks.h"
#include "oracles/math_bits.h"

namespace oracles {

namespace {

const Exclusions& excluded() {
  static const Exclusions list{
      {"aten::is_neg", "asks about the bit"},
      {"aten::is_conj", "asks about the bit"},
      {"aten::_is_zerotensor", "asks about the dressing"},
      {"aten::resolve_*", "is about the bit: copies where it is set"},
      {"aten::view.dtype", "refuses the bit, as documented"},
      {"aten::set_*", "replaces memory and keeps the bit"},
      {"aten::set.*", "replaces memory and keeps the bit"},
      {"aten::resize*", "new elements are uninitialised by contract"},
      {"aten::_resize_output*", "new elements are uninitialised by contract"},
      {"aten::is_set_to*", "asks about memory"},
      {"aten::_new_zeros_with_same_feature_meta*", "asks about memory"},
      {"aten::data", "shows memory"},
      {"aten::empty*", "returns uninitialised memory by contract"},
      {"aten::new_empty*", "returns uninitialised memory by contract"},
  };
  return list;
}

bool has_negation(engine::DType dtype) { return dtype != engine::DType::b8; }

}  // namespace

Verdict check_neg(Trial& trial) {
  return check_math_bit(trial, corpora::LayerKind::neg, has_negation, excluded(),
                        "A tensor with the neg bit must behave as its resolved copy.");
}

}  // namespace oracles
