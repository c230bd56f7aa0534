#include "properties/engine_world.h"

#include <fmt/format.h>

#include "engine/backends/copy.h"
#include "engine/dispatch/boxing.h"
#include "oracles/compare/divergence_text.h"

namespace properties {

using corpora::Path;
using engine::Call;
using engine::Stack;
using engine::Tensor;
using engine::Value;
using oracles::Judgement;

namespace {

void write_numbers(const Tensor& tensor, double first) {
  double next = first;
  engine::for_each_position(tensor.sizes(), tensor.strides(), tensor.offset(), [&](int64_t at) {
    engine::fill_elements(tensor.view({}, {}, at), next);
    next += 1;
  });
}

}  // namespace

EngineWorld::EngineWorld() : subject_(oracles::engine_parts()) {
  define("law::see(Tensor a, Tensor? b, Tensor[] c, Tensor?[] d) -> ()",
         engine::boxed_kernel_of([this](const Call&, Stack& stack) {
           const std::span<const Value> arguments = stack.last(4);
           seen.assign(arguments.begin(), arguments.end());
           stack.drop(4);
         }));
  define("law::draw_(Tensor(a!) self) -> Tensor(a!)",
         engine::boxed_kernel_of([this](const Call&, Stack& stack) {
           const Tensor& self = stack.back().tensor();
           write_numbers(self, static_cast<double>(numbers_drawn));
           numbers_drawn += self.element_count();
         }));
  define("law::write_list_(Tensor(a!)[] list, int raises_at) -> ()",
         engine::boxed_kernel_of([](const Call&, Stack& stack) {
           const std::vector<Tensor>& list = stack.last(2)[0].tensors();
           for (size_t i = 0; i < list.size(); ++i) {
             if (static_cast<int64_t>(i) == stack.back().integer()) throw engine::Error("halfway");
             write_numbers(list[i], 1);
           }
           stack.drop(2);
         }));
}

void EngineWorld::define(std::string_view schema, engine::Kernel kernel) {
  own_.push_back(dispatcher().define(schema, "properties"));
  own_.push_back(dispatcher().implement(schema.substr(0, schema.find('(')), engine::DispatchKey::CPU,
                                        std::move(kernel), "properties"));
}

Stack EngineWorld::call(std::string_view name, std::vector<Value> arguments) {
  Stack stack;
  for (Value& argument : arguments) stack.push_back(std::move(argument));
  dispatcher().op(name).call_boxed(stack);
  return stack;
}

Tensor EngineWorld::operator()(std::string_view name, std::vector<Value> arguments) {
  return call(name, std::move(arguments)).back().tensor();
}

std::optional<oracles::Outcome> EngineWorld::run(const Case& c, const Path& path) {
  if (!subject_.refuses(c, path).empty()) return std::nullopt;
  return subject_.run(c, corpora::image_of(c), path);
}

Tried EngineWorld::agree(const Case& c, const Path& left, const Path& right, oracles::Comparison rules) {
  const auto one = run(c, left), other = run(c, right);
  if (!one || !other) return not_tried("a path is refused");
  rules.first_fresh_storage = static_cast<int32_t>(c.storages.size());
  const oracles::Compared compared = oracles::compare(*one, *other, rules);
  switch (compared.judgement) {
    case Judgement::agree:
      return held();
    case Judgement::differ:
      return broken(fmt::format("{} at {}: {} and {}", name_of(compared.divergence->kind),
                                to_text(compared.divergence->place), left_text(*compared.divergence),
                                right_text(*compared.divergence)),
                    right);
    case Judgement::both_raised:
      return not_tried("both paths raise");
    default:
      return not_tried("the paths cannot be compared");
  }
}

}  // namespace properties
