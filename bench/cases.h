// The cases that both dispatchers run. Both register a case under the same name, so that the table can
// compare them. Kernels are in a translation unit of their own, as in a real operator library.
#pragma once

#include <benchmark/benchmark.h>

#include <string_view>

namespace bench {

// Registers a benchmark "case/subject". Implemented by each program: main.cpp and count_main.cpp.
void add(std::string_view name, std::string_view subject, void (*run)(benchmark::State&));

void add_engine_cases();
void add_torch_cases();  // none in a build without libtorch

}  // namespace bench
