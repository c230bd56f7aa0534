#include "oracles/subjects/torch/python_layers.h"

#include <ATen/core/LegacyTypeDispatch.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include <algorithm>
#include <optional>
#include <string>

namespace oracles::aten {

namespace {

using corpora::LayerKind;

// An operator of the Python package. Calls go to its kernel at one key, whatever keys the arguments and the
// thread have.
class PythonFunction {
 public:
  explicit PythonFunction(const char* name, c10::DispatchKey key = c10::DispatchKey::CPU) : key_(key) {
    const auto found = c10::Dispatcher::singleton().findSchema(
        {std::string(python_layers_namespace) + name, /*overload_name=*/""});
    if (found) handle_ = *found;
  }

  explicit operator bool() const { return handle_.has_value(); }
  void operator()(torch::jit::Stack& stack) const {
    handle_->redispatchBoxed(c10::DispatchKeySet(key_), &stack);
  }
  at::Tensor operator()(const at::Tensor& tensor) const {
    torch::jit::Stack stack{tensor};
    (*this)(stack);
    return std::move(stack.back()).toTensor();
  }

 private:
  c10::DispatchKey key_;
  std::optional<c10::OperatorHandle> handle_;
};

const PythonFunction& wrap() {
  static const PythonFunction function("wrap");
  return function;
}

const PythonFunction& fake() {
  static const PythonFunction function("fake");
  return function;
}

bool needs_python(const corpora::Layer& layer) {
  return layer.kind == LayerKind::python || layer.kind == LayerKind::wrapped || layer.kind == LayerKind::fake;
}

}  // namespace

std::string_view python_layers_refusal(const corpora::Path& path) {
  if (std::ranges::none_of(path, needs_python)) return {};
  if (wrap()) return has_layer(path, LayerKind::fake) && !fake() ? "this PyTorch has no fake tensors" : "";
  return "needs PyTorch's Python: `python3 -m faultline` judges it";
}

at::Tensor fake_of(const at::Tensor& meta) { return fake()(meta); }

void begin_fake_run(std::optional<int32_t> symbolic) {
  static const PythonFunction begin("begin_fake");
  torch::jit::Stack stack{int64_t{symbolic.value_or(-1)}};
  begin(stack);
}

engine::Dims numbers_of(c10::SymIntArrayRef symbols) {
  static const PythonFunction numbers("numbers");
  torch::jit::Stack stack{c10::IValue(symbols)};
  numbers(stack);
  const std::vector<int64_t> list = stack.back().toIntVector();
  return {list.begin(), list.end()};
}

void forget_fake_results() {
  static const PythonFunction forget("forget");
  torch::jit::Stack stack;
  forget(stack);
}

at::Tensor wrapped(const at::Tensor& tensor) { return wrap()(tensor); }

at::Tensor unwrapped(const at::Tensor& tensor) {
  if (!tensor.defined() || !tensor.key_set().has(c10::DispatchKey::Python)) return tensor;
  static const PythonFunction unwrap("unwrap", c10::DispatchKey::Python);  // the wrapper's interpreter
  return unwrap(tensor);
}

PythonModes::PythonModes(std::string_view layer) {
  static const PythonFunction enter("enter");
  torch::jit::Stack stack{std::string(layer)};
  enter(stack);
}

PythonModes::~PythonModes() {
  static const PythonFunction leave("leave");
  torch::jit::Stack stack;
  leave(stack);
}

}  // namespace oracles::aten
