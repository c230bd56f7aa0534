// FakeWorld: an engine with fake tensors, whose parts are functions that a broken world replaces.
#pragma once

#include "engine/dispatch/boxing.h"
#include "engine/fake/constants.h"
#include "engine/fake/fake_mode.h"
#include "engine/fake/result_device.h"
#include "engine/fake/shapes/shape_env.h"
#include "engine/operator_cases.h"
#include "properties/law.h"

namespace properties {

using engine::fake::FakeMode;

struct FakeWorld {
  FakeWorld();

  mutable engine::ops::Operators op;

  // The fake of a real tensor.
  engine::Tensor (*convert)(FakeMode&, const engine::Tensor&) =
      [](FakeMode& mode, const engine::Tensor& real) { return mode.fake_of(real); };
  // A call in the mode: the results replace the arguments.
  void (*call)(FakeMode&, const engine::Operator&,
               engine::Stack&) = [](FakeMode& mode, const engine::Operator& called, engine::Stack& stack) {
    const engine::fake::UseFakeMode in_force(mode);
    called.call_boxed(stack);
  };
  // The device of a call with these tensors; nothing if it must raise.
  std::optional<engine::Device> (*device_of)(std::span<const engine::Tensor>) =
      [](std::span<const engine::Tensor> tensors) -> std::optional<engine::Device> {
    engine::fake::ResultDevice device("law");
    try {
      for (const engine::Tensor& each : tensors) device.add(each);
    } catch (const engine::Error&) {
      return std::nullopt;
    }
    return device.device();
  };

  engine::Stack run(FakeMode& mode, std::string_view name, std::vector<engine::Value> arguments) const {
    const engine::Operator found = dispatcher().op(name);
    engine::Stack stack = engine::normalized(found.schema(), std::move(arguments), {});
    call(mode, found, stack);
    return stack;
  }
  engine::Dispatcher& dispatcher() const { return op.dispatcher(); }

 private:
  engine::Registrations own_;
};

// Of 2 to 4 rows and columns, f32 or f64.
engine::Tensor matrix(ChoiceSource& choices);
// "f32[2, 3] strides [3, 1] offset 0, 24 bytes, on cpu", and the keys.
std::string text_of(const engine::Tensor& tensor);
// The same without the keys, of which fakes have more.
std::string geometry_of(const engine::Tensor& tensor);

}  // namespace properties
