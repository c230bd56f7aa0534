// neg: storages of numbers behind the Negative bit.
#include "oracles/checks.h"
#include "oracles/relations/math_bits.h"

namespace oracles {

namespace {

bool has_negation(engine::DType dtype) { return dtype != engine::DType::b8; }

}  // namespace

Verdict check_neg(Trial& trial) { return check_math_bit(trial, corpora::LayerKind::neg, has_negation, {}); }

}  // namespace oracles
