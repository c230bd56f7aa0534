// What an operator library exports for `faultline run --load LIB.so`:
//
//   #include "engine/plugin.h"
//
//   // Operators, declared as the engine declares its own.
//   const engine::ops::Family family{{ ... }};
//
//   // Anything else.
//   void faultline_register(engine::Dispatcher& dispatcher) {
//     engine::Library mine(dispatcher, "mine");
//     mine.def("twice(Tensor self) -> Tensor", engine::accuracy::exact);  // engine/core/accuracy.h
//     mine.impl("twice", engine::DispatchKey::CPU, engine::kernel<&twice>());
//     mine.keep();
//   }
//
// Promises: faultline_register is called once for each dispatcher, after the engine's operators, derivatives
// and fallbacks are registered. The library's operators get what the engine's own have: in-place and out=
// forms as declared, fallbacks, and checks by every oracle (oracles/reference/kernels/plugin.h: references).
// A library is first loaded in a separate process. Refuses, with one line, a library that does not export
// faultline_register, and any exception that it throws.
#pragma once

#include "engine/dispatch/library.h"
#include "engine/ops/declaration.h"

// May be empty if families declare everything.
extern "C" void faultline_register(engine::Dispatcher& dispatcher);
