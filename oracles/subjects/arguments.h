// Arguments: what fitting a case's values to an operator's argument types has in common for all libraries.
#pragma once

#include <functional>
#include <string>

#include "corpora/case/case.h"
#include "engine/dispatch/schema.h"

namespace oracles {

// Thrown for a value that cannot have its argument's type. The call then raises ArgumentError.
struct Misfit {
  std::string what;
};

template <class Tensor, class Device>
struct Fitting {
  std::function<Tensor(const corpora::TensorRef&)> tensor;  // throws Misfit for a reference to nothing
  Device device;                                            // replaces "cpu"
};

bool holds_tensors(const corpora::Call& call);
// True for None as a Device?: without tensors, only this argument can move the call to another device.
bool is_default_device(const corpora::Value& value, const engine::Type& type);

// PyTorch's number of a layout or a memory format. Throws Misfit for an unknown word.
int64_t number_of_word(corpora::ValueKind kind, const std::string& word);

}  // namespace oracles
