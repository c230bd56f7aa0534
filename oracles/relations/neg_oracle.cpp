// neg: storages of numbers with the neg bit.
#include "oracles/oracle_checks.h"
#include "oracles/relations/math_bits.h"

namespace oracles {

Verdict check_neg(Trial& trial) { return check_math_bit(trial, corpora::LayerKind::neg, {}); }

}  // namespace oracles
