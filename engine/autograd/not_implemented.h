// Operators without a derivative. The fallback at the Autograd keys serves them in one of three modes, of the
// whole process:
//   nothing   calls the kernel with the thread's keys unchanged: operators that the kernel calls are recorded
//   warn      the same, and warns once a pass for each call at which a gradient ends
//   error     calls the kernel below autograd, and raises when a gradient would flow
// The opt-in kernels are for an operator whose author knows that it has no derivative: the same as `error`,
// with checks of its schema. Promises: all refusals are raised before the kernel runs. Refuses, in the opt-in
// kernels and in the mode `error`, dual arguments and writes that cannot be recorded.
#pragma once

#include "engine/dispatch/kernel.h"

namespace engine::autograd {

enum class FallbackMode : uint8_t { nothing, warn, error };

FallbackMode fallback_mode();  // initially `error`
void set_fallback_mode(FallbackMode mode);

// The fallback.
Kernel not_differentiable();

// For an operator's Autograd key. If it returns a view or writes, not_implemented_in_place_or_view() belongs
// to its ADInplaceOrView key.
Kernel not_implemented();
Kernel not_implemented_in_place_or_view();

// Whether the opt-in kernels check that a kernel does what its schema says: inputs keep their storage,
// functional results share no memory with inputs, and a view shares the memory of its base. Off, unless tests
// turn it on.
void set_debug_checks(bool enabled);

}  // namespace engine::autograd
