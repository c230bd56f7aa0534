// Kernels of dispatch programs for the engine, boxed and with C++ types, and calls with these types.
#pragma once

#include "oracles/subjects/engine/dispatch_machine.h"
#include "oracles/subjects/program_types.h"

namespace oracles {

struct EngineLibrary {
  using Tensor = engine::Tensor;
  using MaybeTensor = std::optional<Tensor>;
  using Value = engine::Value;
  using Tensors = engine::TensorSpan;
  using MaybeTensors = engine::OptionalTensorSpan;
  using Generator = const engine::Generator&;

  static Tensor tensor(engine::KeySet keys);
  static Value generator();
};

engine::Kernel program_kernel(EngineMachine& machine, const corpora::Statement& registration);

// A call with C++ types.
engine::Tensor call_typed(const engine::Operator& op, const corpora::Statement& call,
                          const std::vector<engine::Value>& arguments);

}  // namespace oracles
