// Missing kernels: which kernels and formulas an operator does not have, according to its own registrations.
// Backend fallbacks do not count: from 2.x on the one at Meta only raises, and those at the autograd keys
// record nothing.
#pragma once

#include <vector>

#include "oracles/gap_reporter.h"
#include "oracles/subjects/torch/operators.h"

namespace oracles::aten {

// Nothing that the operator cannot use: a Meta kernel without tensors, a formula of an out= form.
std::vector<OperatorGap> missing_kernels(const BoundOperator& op);

}  // namespace oracles::aten
