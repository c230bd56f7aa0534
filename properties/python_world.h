// For the laws of interpreters: scripted interpreters that record their calls, the state of a thread, and
// drawn calls.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/operator_cases.h"
#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"
#include "engine/python/pass_through.h"
#include "properties/engine_world.h"

namespace properties {

// An interpreter that does one scripted thing, and records its name when it is called.
class Scripted : public engine::Wrapping {
 public:
  enum class Does : uint8_t { pass_on, decline, raise, answer };
  explicit Scripted(std::string name, Does what = Does::pass_on) : does(what), name_(std::move(name)) {}

  std::string_view name() const override { return name_; }
  engine::Answer dispatch(const engine::Call& call, engine::Stack& stack) override {
    called().push_back(name_);
    if (look) look();
    if (does == Does::decline) return engine::Answer::not_implemented;
    if (does == Does::raise) throw engine::Error(name_ + " raises", engine::ErrorKind::value);
    if (does == Does::pass_on) return Wrapping::dispatch(call, stack);
    stack.clear();
    for (size_t i = 0; i < call.schema().returns.size(); ++i) stack.push_back(engine::Tensor());
    return engine::Answer::done;
  }
  // The names of the interpreters that this thread called, in order.
  static std::vector<std::string>& called() {
    static thread_local std::vector<std::string> names;
    return names;
  }

  Does does;
  std::function<void()> look = {};  // runs inside the handler

 private:
  std::string name_;
};

// Everything that the engine keeps per thread.
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

struct OneCall {
  std::string op;
  engine::Stack stack;
};
// A call of one of a few operators: several tensors, a list, a write, a view, an error.
inline OneCall draw_one_call(EngineWorld& world, ChoiceSource& choices) {
  using engine::Tensor;
  const auto tensor = [&] {
    return engine::ops::tensor_of(engine::DType::f32, std::array<int64_t, 2>{2, 2},
                                  {1.0 + static_cast<double>(choices.below(5)), 2, -3, 0.5});
  };
  const auto call = [&](const std::string& op, std::vector<engine::Value> arguments) {
    return OneCall{op, engine::normalized(world.dispatcher().op(op).schema(), arguments, {})};
  };
  switch (choices.below(6)) {
    case 0:
      return call("aten::mul.Tensor", {tensor(), tensor()});
    case 1:
      return call("aten::add_.Tensor", {tensor(), tensor()});
    case 2:
      return call("aten::cat", {std::vector<Tensor>{tensor(), tensor(), tensor()}});
    case 3:
      return call("aten::transpose.int", {tensor(), 0, 1});
    case 4:
      return call("aten::transpose.int", {tensor(), 0, 7});
    default:
      return call("aten::lerp.Tensor", {tensor(), tensor(), tensor()});
  }
}

// The result of a call as text: its error, or the values of its results; then its arguments after the call.
inline std::string ending_of(EngineWorld& world, OneCall call) {
  const auto text_of = [](const engine::Tensor& tensor) {
    if (!tensor.defined()) return std::string("undefined");
    const engine::Tensor& inner = engine::unwrapped(tensor);
    std::string text = engine::to_string(engine::Value(inner));
    for (const double value : engine::ops::values_of(inner)) text += " " + std::to_string(value);
    return text + " version " + std::to_string(tensor.version());
  };
  const engine::Stack arguments = call.stack;
  std::string text;
  try {
    world.dispatcher().op(call.op).call_boxed(call.stack);
    for (const engine::Value& result : call.stack)
      engine::for_each_tensor(result, [&](const engine::Tensor& tensor) { text += text_of(tensor) + "; "; });
  } catch (const engine::Error& error) {
    text = std::string(engine::name_of(error.kind())) + ": " + error.what();
  }
  for (const engine::Value& argument : arguments)
    engine::for_each_tensor(argument, [&](const engine::Tensor& tensor) { text += " | " + text_of(tensor); });
  return text;
}

}  // namespace properties
