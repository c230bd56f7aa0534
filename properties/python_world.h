// For the laws of interpreters: interpreters that do as they are told and note it, a thread's state, drawn
// calls.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/dispatch/arguments.h"
#include "engine/operator_cases.h"
#include "engine/python/entry_keys.h"
#include "engine/python/modes.h"
#include "engine/python/pass_through.h"
#include "properties/engine_world.h"

namespace properties {

// An interpreter that does as it is told, and notes its name when it is called.
class Told : public engine::Wrapping {
 public:
  enum class To : uint8_t { pass_on, decline, raise, answer };
  explicit Told(std::string name, To what = To::pass_on) : to(what), name_(std::move(name)) {}

  std::string_view name() const override { return name_; }
  engine::Answer dispatch(const engine::Call& call, engine::Stack& stack) override {
    called().push_back(name_);
    if (look) look();
    if (to == To::decline) return engine::Answer::not_implemented;
    if (to == To::raise) throw engine::Error(name_ + " raises", engine::ErrorKind::value);
    if (to == To::pass_on) return Wrapping::dispatch(call, stack);
    stack.clear();
    for (size_t i = 0; i < call.schema().returns.size(); ++i) stack.push_back(engine::Tensor());
    return engine::Answer::done;
  }
  // The names of those called in this thread, in order.
  static std::vector<std::string>& called() {
    static thread_local std::vector<std::string> names;
    return names;
  }

  To to;
  std::function<void()> look = {};  // runs with the state that a handler has

 private:
  std::string name_;
};

// All that is kept for a thread.
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
// A call of one of few operators: with several tensors, with a list, one that writes, a view, one that
// raises.
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

// How a call ended: the error, or its results with their values; and the versions of its arguments.
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
