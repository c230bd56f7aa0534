// A library for `faultline run --load LIB.so` may export faultline_references in addition to
// faultline_register (engine/plugin.h). It registers reference computations of the library's operators for
// the oracle `reference`.
//   void faultline_references(oracles::References& references) { references.add("mine::twice", ...); }
// Promises: called once for each subject, after the engine's own references are registered.
#pragma once

#include "oracles/reference/kernels/reference.h"

extern "C" void faultline_references(oracles::References& references);
