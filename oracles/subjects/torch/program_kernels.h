// Kernels of dispatch programs for c10, boxed and with C++ types, and calls with these types.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>

#include "corpora/case/program.h"

namespace oracles::aten {

struct KernelThrown {};  // by a kernel of a program

// Where kernels note their number when they begin.
void note_kernels_in(std::vector<int>* ran);

c10::OperatorName program_name(corpora::ProgramOp op);

struct ProgramKernel {
  c10::KernelFunction function;
  std::optional<c10::impl::CppSignature> signature;
  std::unique_ptr<c10::FunctionSchema> schema;
};
ProgramKernel program_kernel(const corpora::Statement& registration);
// For aliases: of a function without state, as torch::Library copies it from slot to slot.
c10::BoxedKernel alias_fallback(const corpora::Statement& registration);

at::Tensor hollow_tensor(c10::DispatchKeySet keys);
std::vector<c10::IValue> program_arguments(const corpora::Statement& call);
at::Tensor call_typed(const c10::OperatorHandle& op, const corpora::Statement& call,
                      const std::vector<c10::IValue>& arguments);

}  // namespace oracles::aten
