#include "properties/drawn_calls.h"

#include <algorithm>

#include "corpora/case/draw.h"

namespace properties {

using engine::ops::Form;

namespace {

bool takes_tensors(const Operator& op) {
  return std::ranges::any_of(op.schema.arguments, [](const engine::Argument& argument) {
    return engine::holds_tensor(argument.type);
  });
}

}  // namespace

bool is_functional(const Operator& op) {
  return takes_tensors(op) && !op.schema.has_any_alias() && op.name != "aten::empty_like";
}
bool writes_values(const Operator& op) { return op.schema.is_mutable() && !op.changes_geometry; }
bool is_view(const Operator& op) { return is_view_of_form(op.name, Form::functional); }
bool is_view_in_place(const Operator& op) { return is_view_of_form(op.name, Form::in_place); }

Case draw_call(EngineWorld& world, bool (*wants)(const Operator&), ChoiceSource& choices) {
  std::vector<const Operator*> wanted;
  for (const Operator& op : world.catalog().operators())
    if (wants(op)) wanted.push_back(&op);
  return corpora::draw(world.catalog(), *choices.pick(wanted), world.subject().domains(), choices,
                       {.elements_max = 64, .calls_max = 1});
}

std::vector<oracles::TensorUse> uses_of(const EngineWorld& world, const Case& c) {
  return oracles::tensor_uses(c, {world.catalog().find(c.calls.back().op)}, {});
}

std::vector<int32_t> storages_of(const EngineWorld& world, const Case& c, bool written) {
  std::vector<int32_t> found;
  for (const oracles::TensorUse& use : uses_of(world, c))
    if (use.written == written && use.storage >= 0 && std::ranges::find(found, use.storage) == found.end())
      found.push_back(use.storage);
  return found;
}

int32_t any_storage(const EngineWorld& world, const Case& c, bool written, ChoiceSource& choices) {
  const std::vector<int32_t> storages = storages_of(world, c, written);
  return storages.empty() ? -1 : choices.pick(storages);
}

engine::DType dtype_of(const Case& c, int32_t storage) {
  return c.storages[static_cast<size_t>(storage)].dtype;
}

Tried views_show(EngineWorld& world, const Case& c, const Path& path, int32_t storage,
                 bool (*has)(const oracles::TensorSnapshot&)) {
  const auto outcome = world.run(c, path);
  if (!outcome) return not_tried("the path is refused");
  if (!outcome->returned()) return not_tried("the call raises");
  for (const oracles::TensorSnapshot* result : oracles::tensor_results(outcome->last()))
    if (result->storage != storage || !has(*result))
      return broken("a view has lost its memory or its bit", path);
  return held();
}

}  // namespace properties
