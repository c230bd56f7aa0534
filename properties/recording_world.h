// RecordingWorld: an engine with operators that have no derivative, for laws of the fallback at the Autograd
// keys, of the opt-in kernels and of inference mode. A broken world replaces how an operator is called.
#pragma once

#include "engine/autograd/not_implemented.h"
#include "engine/dispatch/boxing.h"
#include "engine/operator_cases.h"
#include "properties/law.h"

namespace properties {

struct RecordingWorld {
  RecordingWorld();

  mutable engine::ops::Operators op;

  // The results replace the arguments.
  void (*call)(const engine::Operator&, engine::Stack&) =
      [](const engine::Operator& called, engine::Stack& stack) { called.call_boxed(stack); };

  engine::Stack all(std::string_view name, std::vector<engine::Value> arguments) const {
    const engine::Operator found = op.dispatcher().op(name);
    engine::Stack stack = engine::normalized(found.schema(), std::move(arguments), {});
    call(found, stack);
    return stack;
  }
  engine::Tensor run(std::string_view name, std::vector<engine::Value> arguments) const {
    return all(name, std::move(arguments)).back().tensor();
  }
  // Whether the call raises an Error.
  bool refuses(std::string_view name, std::vector<engine::Value> arguments) const;

  // What the kernels of the operators law::* saw.
  mutable int runs = 0;
  mutable engine::KeySet excluded;

 private:
  template <class F>
  void add(const std::string& schema, F kernel);
  void opt_in(std::string_view name);
  engine::Registrations own_;
};

}  // namespace properties
