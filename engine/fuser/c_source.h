// c_source(): a kernel's program as one C function without includes, for the system's compiler.
// Promises: for each element, the function computes bit for bit what the CPU's pointwise kernels compute in
// one call for each step: in the same compute types, with the same rounding to the common dtype of operands
// and to the dtype of each value, and without contraction of a product and a sum (compiled with `c_flags`).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/fuser/kernel_program.h"

namespace engine::fuser {

// The engine's conversions of half types, which the kernel calls.
struct HalfConversions {
  uint16_t (*f16_from_float)(float);
  uint16_t (*f16_from_double)(double);
  uint16_t (*bf16_from_float)(float);
  uint16_t (*bf16_from_double)(double);
  float (*float_from_f16)(uint16_t);
};
const HalfConversions& half_conversions();

// `at` has the first element of each output, then of each lane; `strides` are in elements.
using FusedFunction = void (*)(char* const* at, const int64_t* strides, const char* numbers,
                               const HalfConversions* half, int64_t count);
inline constexpr const char* function_name = "fused_kernel";
inline constexpr const char* key_name = "fused_key";  // the program's text, to recognise a compiled file

inline const std::vector<std::string> c_flags{
    "-O3", "-fPIC", "-shared", "-fwrapv", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math",
    "-w",  "-x",    "c"};

std::string c_source(const KernelProgram& program);

}  // namespace engine::fuser
