// The cases that both dispatchers run: one name each, so that the table can set them side by side. Kernels
// stand in a translation unit of their own (kernels.cpp), as operators do.
#pragma once

#include <benchmark/benchmark.h>

#include <string_view>

namespace bench {

// Registers a benchmark "case/subject". Each program has its own: main.cpp, count_main.cpp.
void add(std::string_view name, std::string_view subject, void (*run)(benchmark::State&));

void add_engine_cases();
void add_torch_cases();  // none in a build without libtorch

}  // namespace bench
