// What a library for `faultline run --load LIB.so` may export beside faultline_register (engine/plugin.h):
// how its operators are computed a second time, for the oracle `reference` and for derivatives.
//   void faultline_references(oracles::References& references) { references.add("mine::twice", ...); }
// Promises: called once for each subject, behind the engine's own references.
#pragma once

#include "oracles/reference/kernels/reference.h"

extern "C" void faultline_references(oracles::References& references);
