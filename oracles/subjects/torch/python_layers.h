// PythonLayers: what the layers `python`, `wrapped` and `fake` need of Python: modes that change nothing,
// tensors that wrap others, and fake tensors with their mode. The Python package registers them as operators
// of the namespace _faultline (cli/python/faultline/_layers.py); a process without Python has none, and the
// subject refuses the layers.
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>
#include <string_view>

#include "corpora/case/path.h"
#include "engine/core/int_span.h"

namespace oracles::aten {

constexpr std::string_view python_layers_namespace = "_faultline::";

// Why this process cannot run a path because of its layers in Python; or empty.
std::string_view python_layers_refusal(const corpora::Path& path);

at::Tensor wrapped(const at::Tensor& tensor);
// What a tensor wraps; the tensor itself if it wraps nothing.
at::Tensor unwrapped(const at::Tensor& tensor);

// Begins a run with fake tensors of their own mode; some sizes are symbols if there is a draw of the layer
// `symbolic`.
void begin_fake_run(std::optional<int32_t> symbolic);
// A fake tensor of the CPU, with the storage and geometry of a tensor on the meta device; or the constant
// with the elements of a tensor of the CPU.
at::Tensor fake_of(const at::Tensor& meta);
// The numbers that symbols stand for.
engine::Dims numbers_of(c10::SymIntArrayRef symbols);
// Empties the cache of what calls with fake tensors return.
void forget_fake_results();

// Modes in force for a scope. Their Python code must not run while an exception of Python's is pending.
class PythonModes {
 public:
  explicit PythonModes(std::string_view layer);
  ~PythonModes();
  PythonModes(const PythonModes&) = delete;
  PythonModes& operator=(const PythonModes&) = delete;
};

}  // namespace oracles::aten
