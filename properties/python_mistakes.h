// For the laws of interpreters: wrong kernels in place of the fallbacks around Python, with one mistake each.
#pragma once

#include "properties/over_fallback.h"

namespace properties {

void leaves_a_key(const Kernel& right, const Call& call, Stack& stack);
void leaves_entry_keys(const Kernel& right, const Call& call, Stack& stack);
void keeps_the_defaults(const Kernel& right, const Call& call, Stack& stack);
void calls_twice(const Kernel& right, const Call& call, Stack& stack);
void calls_the_first_wrapper(const Kernel& right, const Call& call, Stack& stack);
void calls_the_last_wrapper(const Kernel& right, const Call& call, Stack& stack);
void skips_python(const Kernel& right, const Call& call, Stack& stack);
void excludes_nothing(const Kernel& right, const Call& call, Stack& stack);
void skips_layers(const Kernel& right, const Call& call, Stack& stack);

}  // namespace properties
