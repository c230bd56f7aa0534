// A case's values as the engine's, fitted to an operator's argument types.
#pragma once

#include <functional>
#include <string>

#include "corpora/case/value.h"
#include "engine/core/value.h"
#include "engine/dispatch/schema.h"

namespace oracles {

// A value that cannot have its argument's type.
struct EngineMisfit {
  std::string what;
};

struct EngineFitting {
  std::function<engine::Tensor(const corpora::TensorRef&)> tensor;  // throws EngineMisfit for nothing
  engine::Device device;                                            // what "cpu" becomes
};

engine::Value fitted_argument(const corpora::Value& value, const engine::Type& type,
                              const EngineFitting& fitting);

}  // namespace oracles
