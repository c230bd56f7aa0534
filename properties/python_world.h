// For the laws of interpreters: a dispatcher with the engine's operators whose fallbacks around Python may be
// others than the right ones, interpreters that do as they are told, and drawn calls.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "corpora/case/choice_source.h"
#include "engine/dispatch/arguments.h"
#include "engine/operator_cases.h"
#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"
#include "engine/python/pass_through.h"
#include "engine/python/python_fallback.h"

namespace properties {

using corpora::ChoiceSource;
using engine::DispatchKey;
using engine::KeySet;
using engine::Stack;
using engine::Tensor;

// The kernels that a law is about; a broken one has another in one place.
struct PythonFallbacks {
  engine::Kernel python = engine::python_fallback();
  engine::Kernel entry_keys = engine::entry_keys_fallback();
  engine::Kernel pre_dispatch = engine::pre_dispatch_fallback();
};

class PythonWorld {
 public:
  explicit PythonWorld(const PythonFallbacks& fallbacks)
      : registrations_(engine::ops::register_operators(dispatcher_)) {
    add(DispatchKey::Python, fallbacks.python);
    add(DispatchKey::PythonTLSSnapshot, fallbacks.entry_keys);
    add(DispatchKey::PreDispatch, fallbacks.pre_dispatch);
    for (DispatchKey key : {DispatchKey::BackendSelect, DispatchKey::ADInplaceOrView, DispatchKey::Autograd})
      add(key, engine::Kernel::fallthrough());
  }
  engine::Operator op(std::string_view name) const { return dispatcher_.op(name); }

 private:
  void add(DispatchKey key, const engine::Kernel& kernel) {
    for (engine::Registration& each : dispatcher_.fallback(key, kernel))
      registrations_.push_back(std::move(each));
  }

  engine::Dispatcher dispatcher_;
  engine::Registrations registrations_;
};

// One call of few operators: with several tensors, a list, a write, nothing, an error.
struct DrawnCall {
  std::string op;
  std::vector<engine::Value> arguments;

  Stack stack(const PythonWorld& world) const {
    return engine::normalized(world.op(op).schema(), arguments, {});
  }
};
inline DrawnCall draw_call(ChoiceSource& choices) {
  const auto tensor = [&] {
    return engine::ops::tensor_of(engine::DType::f32, std::array<int64_t, 2>{2, 2},
                                  {1.0 + static_cast<double>(choices.below(5)), 2, -3, 0.5});
  };
  switch (choices.below(6)) {
    case 0:
      return {"aten::mul.Tensor", {tensor(), tensor()}};
    case 1:
      return {"aten::add_.Tensor", {tensor(), tensor()}};
    case 2:
      return {"aten::cat", {std::vector<Tensor>{tensor(), tensor(), tensor()}}};
    case 3:
      return {"aten::transpose.int", {tensor(), 0, 1}};
    case 4:
      return {"aten::transpose.int", {tensor(), 0, 7}};
    default:
      return {"aten::lerp.Tensor", {tensor(), tensor(), tensor()}};
  }
}

// Does as it is told, and notes its name when it is asked.
class Told : public engine::Wrapping {
 public:
  enum class To : uint8_t { pass_on, decline, raise, answer };
  explicit Told(std::string name, To what = To::pass_on) : to(what), name_(std::move(name)) {}

  std::string_view name() const override { return name_; }
  engine::Answer dispatch(const engine::Call& call, Stack& stack) override {
    asked().push_back(name_);
    if (look) look();
    if (to == To::decline) return engine::Answer::not_implemented;
    if (to == To::raise) throw engine::Error(name_ + " raises", engine::ErrorKind::value);
    if (to == To::pass_on) return Wrapping::dispatch(call, stack);
    stack.clear();
    for (size_t i = 0; i < call.schema().returns.size(); ++i) stack.push_back(Tensor());
    return engine::Answer::done;
  }
  static std::vector<std::string>& asked() {
    static thread_local std::vector<std::string> names;
    return names;
  }

  To to;
  std::function<void()> look = {};  // with the state that a handler has

 private:
  std::string name_;
};

// What is kept for a thread.
struct ThreadState {
  engine::ThreadKeys keys = engine::thread_keys;
  engine::Modes modes = engine::thread_modes;
  std::optional<engine::ThreadKeys> entry = engine::entry_keys;
  bool operator==(const ThreadState&) const = default;
  void install() const {
    engine::thread_keys = keys;
    engine::thread_modes = modes;
    engine::entry_keys = entry;
  }
};

// How a call ended: the error, or its results with their values, and the versions of its arguments.
inline std::string ending_of(const PythonWorld& world, const std::string& op, Stack stack) {
  const auto text_of = [](const Tensor& tensor) {
    if (!tensor.defined()) return std::string("undefined");
    const Tensor& inner = engine::unwrapped(tensor);
    std::string text = engine::to_string(engine::Value(inner));
    for (const double value : engine::ops::values_of(inner)) text += " " + std::to_string(value);
    return text + " version " + std::to_string(tensor.version());
  };
  const Stack arguments = stack;
  std::string text;
  try {
    world.op(op).call_boxed(stack);
    for (const engine::Value& result : stack)
      engine::for_each_tensor(result, [&](const Tensor& tensor) { text += text_of(tensor) + "; "; });
  } catch (const engine::Error& error) {
    text = std::string(engine::name_of(error.kind())) + ": " + error.what();
  }
  for (const engine::Value& argument : arguments)
    engine::for_each_tensor(argument, [&](const Tensor& tensor) { text += " | " + text_of(tensor); });
  return text;
}

}  // namespace properties
