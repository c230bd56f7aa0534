// conj: complex storages with the conj bit.
#include "oracles/oracle_checks.h"
#include "oracles/relations/math_bits.h"

namespace oracles {

Verdict check_conj(Trial& trial) {
  static const Exclusions rejects_bit{{"aten::view_as_real*", "rejects the bit, as documented"}};
  return check_math_bit(trial, corpora::LayerKind::conj, rejects_bit);
}

}  // namespace oracles
