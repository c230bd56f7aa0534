#include "properties/fallback_world.h"

#include <fmt/format.h>

#include "corpora/case/draw.h"
#include "corpora/case/text.h"
#include "engine/backends/copy.h"
#include "engine/dispatch/boxing.h"
#include "oracles/trial/effects.h"

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

std::vector<int32_t> Scene::storages(bool written) const {
  std::vector<int32_t> found;
  for (const oracles::TensorUse& use : oracles::tensor_uses(c, {op}, {}))
    if (use.written == written && use.storage >= 0 &&
        std::find(found.begin(), found.end(), use.storage) == found.end())
      found.push_back(use.storage);
  return found;
}

bool Scene::writes_what_it_reads() const {
  const std::vector<oracles::TensorUse> uses = oracles::tensor_uses(c, {op}, {});
  for (const oracles::TensorUse& one : uses) {
    if (!one.written) continue;
    const corpora::Input& input = c.inputs[static_cast<size_t>(one.tensor.index)];
    if (engine::may_overlap(input.sizes, input.strides)) return true;
    for (const oracles::TensorUse& other : uses)
      if (&other != &one && other.storage == one.storage) return true;
  }
  return false;
}

FallbackWorld::FallbackWorld() : subject_(oracles::SubjectOptions{}) {
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

void FallbackWorld::define(std::string_view schema, engine::Kernel kernel) {
  own_.push_back(dispatcher().define(schema, "properties"));
  own_.push_back(dispatcher().implement(schema.substr(0, schema.find('(')), engine::DispatchKey::CPU,
                                        std::move(kernel), "properties"));
}

void FallbackWorld::break_with(const oracles::BrokenFallback& broken) {
  broken_ = broken.plant(dispatcher());
}

Stack FallbackWorld::call(std::string_view name, std::vector<Value> arguments) {
  Stack stack;
  for (Value& argument : arguments) stack.push_back(std::move(argument));
  dispatcher().op(name).call_boxed(stack);
  return stack;
}

Tensor FallbackWorld::operator()(std::string_view name, std::vector<Value> arguments) {
  return call(name, std::move(arguments)).back().tensor();
}

Scene FallbackWorld::drawn(corpora::ChoiceSource& choices, bool (*wants)(const corpora::Operator&)) {
  std::vector<const corpora::Operator*> wanted;
  for (const corpora::Operator& op : subject_.catalog().operators())
    if (wants(op)) wanted.push_back(&op);
  Scene scene;
  scene.op = choices.pick(wanted);
  corpora::DrawLimits limits;
  limits.calls_max = 1;
  limits.elements_max = 64;
  scene.c = corpora::draw(subject_.catalog(), *scene.op, subject_.domains(), choices, limits);
  scene.image = corpora::image_of(scene.c);
  return scene;
}

std::optional<oracles::Outcome> FallbackWorld::run(const Scene& scene, const Path& path) {
  if (!subject_.refuses(scene.c, path).empty()) return std::nullopt;
  return subject_.run(scene.c, scene.image, path);
}

std::string FallbackWorld::difference(const Scene& scene, const Path& left, const Path& right,
                                      oracles::Comparison rules) {
  const auto one = run(scene, left), other = run(scene, right);
  if (!one || !other) return {};
  rules.first_fresh_storage = static_cast<int32_t>(scene.c.storages.size());
  const oracles::Compared compared = oracles::compare(*one, *other, rules);
  if (compared.judgement != Judgement::differ) return {};
  const oracles::Divergence& found = *compared.divergence;
  return with_text(
      fmt::format("{} at {}: {} and {}", name_of(found.kind), found.where, found.left, found.right), scene,
      right);
}

std::string with_text(std::string_view fault, const Scene& scene, const Path& path) {
  corpora::Case told = scene.c;
  told.header.subject = "engine";
  told.header.path = path;
  return fmt::format("{}\n{}", fault, corpora::to_text(told));
}

}  // namespace properties
