// What a library of one's own operators exports, for `faultline run --load LIB.so`:
//   #include "engine/plugin.h"
//   const engine::ops::Family family{{ ... }};                 // operators as the engine declares its own
//   void faultline_register(engine::Dispatcher& dispatcher) {  // and anything else
//     engine::Library mine(dispatcher, "mine");
//     mine.def("twice(Tensor self) -> Tensor", engine::accuracy::exact);  // how exact it is
//     (core/accuracy.h) mine.impl("twice", engine::DispatchKey::CPU, engine::kernel<&twice>()); mine.keep();
//   }
// Promises: faultline_register is called once for each dispatcher, behind the engine's own operators,
// families, derivatives and fallbacks (oracles/reference/kernels/plugin.h: references); an operator gets what
// the engine's have: in-place and out= forms as declared, fallbacks, judging by every oracle. A library is
// tried in a process of its own first. Refuses, with one line, a library that does not export it, and
// whatever it throws.
#pragma once

#include "engine/dispatch/library.h"
#include "engine/ops/declaration.h"

// May be empty, where families say it all.
extern "C" void faultline_register(engine::Dispatcher& dispatcher);
