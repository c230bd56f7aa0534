// The checks of all oracles, one per file. table.cpp lists the oracles.
#pragma once

#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

Verdict check_state(Trial& trial);
Verdict check_reference(Trial& trial);
Verdict check_zero(Trial& trial);
Verdict check_fake(Trial&);
Verdict check_meta(Trial& trial);
Verdict check_conj(Trial& trial);
Verdict check_neg(Trial& trial);
Verdict check_python(Trial& trial);
Verdict check_variants(Trial& trial);
Verdict check_layout(Trial& trial);
Verdict check_schema(Trial& trial);
Verdict check_boxing(Trial& trial);
Verdict check_determinism(Trial& trial);
Verdict check_batched(Trial& trial);
Verdict check_functionalize(Trial& trial);
Verdict check_fuser(Trial& trial);
Verdict check_device(Trial& trial);
Verdict check_cpu_fallback(Trial& trial);
Verdict check_peer(Trial& trial);
Verdict check_precision(Trial& trial);
Verdict check_arguments(Trial& trial);
Verdict check_history(Trial& trial);
Verdict check_threads(Trial& trial);
Verdict check_autograd(Trial& trial);
Verdict check_dispatch(Trial& trial);

}  // namespace oracles
