// Kernels of dispatch programs for c10, boxed and with C++ types, and calls with these types.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <optional>

#include "oracles/subjects/program_types.h"

namespace oracles::aten {

struct TorchLibrary {
  using Tensor = at::Tensor;
  using MaybeTensor = c10::optional<Tensor>;
  using Value = c10::IValue;
  using Tensors = at::TensorList;
  using MaybeTensors = const c10::List<MaybeTensor>&;
  using Generator = c10::optional<at::Generator>;

  static Tensor tensor(engine::KeySet keys);
  static Value generator();
};

struct KernelThrown {};  // by a kernel of a program

// Kernels add their number to `ran` when they begin.
void record_kernels_in(std::vector<int>* ran);

c10::OperatorName program_name(corpora::ProgramOp op);

struct ProgramKernel {
  c10::KernelFunction function;
  std::optional<c10::impl::CppSignature> signature;
  std::unique_ptr<c10::FunctionSchema> schema;
};
ProgramKernel program_kernel(const corpora::Statement& registration);
// For aliases: a kernel without state, because torch::Library copies it to each slot.
c10::BoxedKernel alias_fallback(const corpora::Statement& registration);

at::Tensor call_typed(const c10::OperatorHandle& op, const corpora::Statement& call,
                      const std::vector<c10::IValue>& arguments);

}  // namespace oracles::aten
