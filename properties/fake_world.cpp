#include "properties/fake_world.h"

#include <fmt/format.h>

#include "engine/dispatch/schema_parser.h"

namespace properties {

using engine::Call;
using engine::DispatchKey;
using engine::Stack;
using engine::Tensor;

FakeWorld::FakeWorld() {
  const auto define = [&](const char* schema, DispatchKey key, engine::BoxedFunction kernel) {
    const engine::Schema parsed = engine::parse_schema(schema);
    own_.push_back(dispatcher().define(parsed, "properties"));
    own_.push_back(
        dispatcher().implement(parsed.qualified(), key, engine::Kernel::from_boxed(kernel), "properties"));
  };
  // Without Meta kernels: a copy with a dimension more, a write and a view.
  define("law::stacked_twice(Tensor self) -> Tensor", DispatchKey::CPU, [](const Call& made, Stack& stack) {
    const Tensor self = stack.back().tensor();
    stack.back() = engine::ops::Formulas(made.dispatcher())("aten::stack", {std::vector<Tensor>{self, self}});
  });
  define("law::fill_(Tensor(a!) self) -> Tensor(a!)", DispatchKey::CPU, [](const Call& made, Stack& stack) {
    engine::ops::Formulas(made.dispatcher())("aten::fill_.Scalar", {stack.back(), 7});
  });
  define("law::turned(Tensor(a) self) -> Tensor(a)", DispatchKey::CPU, [](const Call& made, Stack& stack) {
    stack.back() = engine::ops::Formulas(made.dispatcher())("aten::t", {stack.back()});
  });
}

Tensor matrix(ChoiceSource& choices) {
  const engine::Dims sizes{static_cast<int64_t>(2 + choices.below(3)),
                           static_cast<int64_t>(2 + choices.below(3))};
  return engine::ops::tensor_of(choices.chance(1, 3) ? engine::DType::f64 : engine::DType::f32, sizes,
                                std::vector<double>(static_cast<size_t>(engine::element_count(sizes)), 2));
}

std::string text_of(const Tensor& tensor) {
  if (!tensor.defined()) return "undefined";
  return fmt::format("{}{} strides {} offset {}, {} bytes, on {}, keys {:x}", name_of(tensor.dtype()),
                     to_string(engine::Value(tensor.sizes().copy())),
                     to_string(engine::Value(tensor.strides().copy())), tensor.offset(),
                     tensor.storage() ? tensor.storage()->bytes() : 0, to_string(tensor.device()),
                     tensor.keys().raw());
}

std::string geometry_of(const Tensor& tensor) {
  const std::string text = text_of(tensor);
  return text.substr(0, text.find(", keys"));
}

}  // namespace properties
