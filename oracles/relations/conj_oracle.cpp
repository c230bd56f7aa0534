// conj: complex storages with the Conjugate bit.
#include "oracles/checks.h"
#include "oracles/relations/math_bits.h"

namespace oracles {

namespace {

const Exclusions& refuse_conjugation() {
  static const Exclusions list{{"aten::view_as_real*", "refuses the bit, as documented"}};
  return list;
}

}  // namespace

Verdict check_conj(Trial& trial) {
  return check_math_bit(trial, corpora::LayerKind::conj, refuse_conjugation());
}

}  // namespace oracles
