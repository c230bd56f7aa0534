// Laws of drawn calls of the engine's own operators: two paths that must agree in all that an outcome tells.
#include <fmt/format.h>

#include <algorithm>

#include "engine/ops/register_operators.h"
#include "oracles/trial/effects.h"
#include "properties/fallback_laws.h"

namespace properties {

namespace {

using corpora::ChoiceSource;
using corpora::LayerKind;
using corpora::Operator;
using corpora::Path;
using engine::ops::DeclaredForm;
using engine::ops::Form;
using engine::ops::OperatorKind;
using oracles::Comparison;
using oracles::Outcome;
using oracles::Status;

DeclaredForm declared(const Operator& op) { return engine::ops::declared_form(op.name); }

bool takes_tensors(const Operator& op) {
  return std::any_of(op.schema.arguments.begin(), op.schema.arguments.end(),
                     [](const engine::Argument& argument) { return engine::holds_tensor(argument.type); });
}
// Values are made, nothing is written or viewed.
bool is_functional(const Operator& op) {
  return takes_tensors(op) && !op.schema.has_any_alias() && op.name != "aten::empty_like";
}
bool writes_values(const Operator& op) { return op.schema.is_mutable() && !op.changes_geometry; }
bool is_view(const Operator& op) {
  const DeclaredForm form = declared(op);
  return form.declaration && form.declaration->kind == OperatorKind::view && form.form == Form::functional;
}
bool is_view_in_place(const Operator& op) {
  const DeclaredForm form = declared(op);
  return form.declaration && form.declaration->kind == OperatorKind::view && form.form == Form::in_place;
}
template <size_t n>
bool is_one_of(const Operator& op, const std::array<std::string_view, n>& names) {
  return std::find(names.begin(), names.end(), op.name) != names.end();
}
bool is_product(const Operator& op) {
  constexpr std::array<std::string_view, 8> names{"aten::mul.Tensor", "aten::mul.Scalar", "aten::div.Tensor",
                                                  "aten::div.Scalar", "aten::mm",         "aten::bmm",
                                                  "aten::mv",         "aten::dot"};
  return is_one_of(op, names);
}
bool is_arithmetic(const Operator& op) {
  constexpr std::array<std::string_view, 4> names{"aten::add.Tensor", "aten::sub.Tensor", "aten::mul.Tensor",
                                                  "aten::div.Tensor"};
  return is_one_of(op, names);
}

// One of the scene's storages, or -1.
int32_t picked(ChoiceSource& choices, const std::vector<int32_t>& storages) {
  return storages.empty() ? -1 : choices.pick(storages);
}
engine::DType dtype_of(const Scene& scene, int32_t storage) {
  return scene.c.storages[static_cast<size_t>(storage)].dtype;
}
// Bools have no bit.
bool can_be_lazy(const Scene& scene, int32_t storage) {
  return storage >= 0 && dtype_of(scene, storage) != engine::DType::b8;
}
LayerKind any_bit(ChoiceSource& choices, engine::DType dtype) {
  return engine::is_complex(dtype) && choices.chance(1, 2) ? LayerKind::conj : LayerKind::neg;
}

// --- ZeroTensors

std::string zeros_agree(FallbackWorld& world, ChoiceSource& choices, const Comparison& rules) {
  const Scene scene = world.drawn(choices, is_functional);
  const int32_t s = picked(choices, scene.storages(false));
  if (s < 0) return {};
  return world.difference(scene, {{LayerKind::zeros, s}}, {{LayerKind::zero, s}}, rules);
}

std::string zeros_are_read(FallbackWorld& world, ChoiceSource& choices) {
  Comparison rules;
  rules.strides = false;
  return zeros_agree(world, choices, rules);
}
std::string strides_are_those_of_real_zeros(FallbackWorld& world, ChoiceSource& choices) {
  Comparison rules;
  rules.values = false;
  return zeros_agree(world, choices, rules);
}

// The other operands have infinities and NaN, and a number may be one.
std::string zero_times_infinity_is_computed(FallbackWorld& world, ChoiceSource& choices) {
  Scene scene = world.drawn(choices, is_product);
  const int32_t s = picked(choices, scene.storages(false));
  if (s < 0) return {};
  for (size_t other = 0; other < scene.c.storages.size(); ++other)
    if (static_cast<int32_t>(other) != s) {
      scene.c.storages[other].rule = corpora::FillRule::wild;
      scene.c.storages[other].bytes.clear();
    }
  corpora::Value& last = scene.c.calls[0].arguments.back();
  if (last.kind == corpora::ValueKind::integer && choices.chance(1, 2))
    last = corpora::Value::of_real(choices.chance(1, 2) ? HUGE_VAL : NAN);
  scene.image = corpora::image_of(scene.c);
  return world.difference(scene, {{LayerKind::zeros, s}}, {{LayerKind::zero, s}}, {});
}

std::string a_written_one_is_refused(FallbackWorld& world, ChoiceSource& choices) {
  const Scene scene = world.drawn(choices, writes_values);
  const int32_t s = picked(choices, scene.storages(true));
  if (s < 0) return {};
  const Path path{{LayerKind::zero, s}};
  const auto outcome = world.run(scene, path);
  if (!outcome) return {};
  const oracles::CallOutcome& call = outcome->last();
  if (call.status == Status::returned) return with_text("the call returned", scene, path);
  if (!call.changes.empty() || !call.changed_storages.empty())
    return with_text("the call raised and changed something", scene, path);
  return outcome->state.before == outcome->state.after
             ? ""
             : with_text("the thread's keys have changed", scene, path);
}

// The results show the storage, and what holds for them.
std::string views_show(FallbackWorld& world, const Scene& scene, const Path& path, int32_t storage,
                       bool (*holds)(const oracles::TensorSnapshot&)) {
  const auto outcome = world.run(scene, path);
  if (!outcome || !outcome->returned()) return {};
  for (const oracles::TensorSnapshot* result : oracles::tensor_results(outcome->last()))
    if (result->storage != storage || !holds(*result))
      return with_text("a view has lost its memory or its bit", scene, path);
  return {};
}

std::string views_of_zeros_are_zeros(FallbackWorld& world, ChoiceSource& choices) {
  const Scene scene = world.drawn(choices, is_view);
  const int32_t s = picked(choices, scene.storages(false));
  if (s < 0) return {};
  const Path left{{LayerKind::zeros, s}}, right{{LayerKind::zero, s}};
  const std::string lost =
      views_show(world, scene, right, s, [](const oracles::TensorSnapshot& view) { return view.zero; });
  return lost.empty() ? world.difference(scene, left, right, {}) : lost;
}

std::string refusals_are_those_of_real_zeros(FallbackWorld& world, ChoiceSource& choices) {
  const Scene scene = world.drawn(choices, is_arithmetic);
  const int32_t s = picked(choices, scene.storages(false));
  if (s < 0) return {};
  const Path path{{LayerKind::zero, s}};
  const auto left = world.run(scene, {{LayerKind::zeros, s}}), right = world.run(scene, path);
  if (!left || !right) return {};
  const oracles::CallOutcome &one = left->last(), &other = right->last();
  if (one.status != other.status || one.error_class != other.error_class || one.message != other.message)
    return with_text(fmt::format("'{}' and '{}'", one.message, other.message), scene, path);
  if (one.status != Status::returned) return {};
  return one.results[0].tensor.dtype == other.results[0].tensor.dtype
             ? ""
             : with_text("another dtype", scene, path);
}

std::string reshaping_is_no_write(FallbackWorld& world, ChoiceSource& choices) {
  const Scene scene = world.drawn(choices, is_view_in_place);
  const int32_t s = picked(choices, scene.storages(true));
  if (s < 0) return {};
  return world.difference(scene, {{LayerKind::zeros, s}}, {{LayerKind::zero, s}}, {});
}

// --- Lazy bits

std::string lazy_is_resolved(FallbackWorld& world, ChoiceSource& choices) {
  const Scene scene = world.drawn(choices, is_functional);
  Path path;
  for (const int32_t s : scene.storages(false))
    if (can_be_lazy(scene, s) && choices.chance(2, 3))
      path.push_back({any_bit(choices, dtype_of(scene, s)), s});
  return path.empty() ? "" : world.difference(scene, {}, path, {});
}

struct WrittenScene {
  Scene scene;
  int32_t storage = -1;
  Path path;
};
// A write through a bit, with a view of all its memory to see what else changes.
WrittenScene drawn_write(FallbackWorld& world, ChoiceSource& choices) {
  WrittenScene made{world.drawn(choices, writes_values), -1, {}};
  Scene& scene = made.scene;
  const int32_t written = picked(choices, scene.storages(true));
  if (!can_be_lazy(scene, written) || scene.writes_what_it_reads()) return made;
  made.storage = written;
  made.path = {{any_bit(choices, dtype_of(scene, made.storage)), made.storage}};
  const int64_t elements = scene.c.storages[static_cast<size_t>(made.storage)].elements;
  scene.c.inputs.push_back({made.storage, {elements}, {1}, 0});
  return made;
}

std::string writes_go_through(FallbackWorld& world, ChoiceSource& choices) {
  const WrittenScene drawn = drawn_write(world, choices);
  if (drawn.storage < 0) return {};
  const std::string fault = world.difference(drawn.scene, {}, drawn.path, {});
  if (!fault.empty()) return fault;
  const auto outcome = world.run(drawn.scene, drawn.path);
  const bool raised = outcome && outcome->last().status == Status::raised;
  return raised && !outcome->last().changed_storages.empty()
             ? with_text("the call raised and wrote", drawn.scene, drawn.path)
             : "";
}

std::string written_tensors_stay_themselves(FallbackWorld& world, ChoiceSource& choices) {
  const WrittenScene drawn = drawn_write(world, choices);
  if (drawn.storage < 0) return {};
  const auto direct = world.run(drawn.scene, {}), outcome = world.run(drawn.scene, drawn.path);
  if (!outcome || !outcome->returned() || !direct->returned()) return {};
  const auto expected = oracles::tensor_results(direct->last()),
             results = oracles::tensor_results(outcome->last());
  for (size_t i = 0; i < results.size(); ++i)
    if (results[i]->same_as_input != expected[i]->same_as_input)
      return with_text("another tensor is returned", drawn.scene, drawn.path);
  for (const oracles::InputChange& change : outcome->last().changes)
    if (change.after.storage == drawn.storage && !change.after.neg && !change.after.conj)
      return with_text("the bit is gone", drawn.scene, drawn.path);
  return {};
}

std::string versions_count_once(FallbackWorld& world, ChoiceSource& choices) {
  const WrittenScene drawn = drawn_write(world, choices);
  if (drawn.storage < 0) return {};
  const auto version = [&](const Path& path) {
    const auto outcome = world.run(drawn.scene, path);
    int64_t most = 0;
    if (outcome)
      for (const oracles::InputChange& change : outcome->last().changes)
        most = std::max(most, change.version_delta);
    return most;
  };
  const int64_t expected = version({}), counted = version(drawn.path);
  return expected == counted
             ? ""
             : with_text(fmt::format("+{} instead of +{}", counted, expected), drawn.scene, drawn.path);
}

std::string views_keep_the_bit(FallbackWorld& world, ChoiceSource& choices) {
  const Scene scene = world.drawn(choices, [](const Operator& op) {
    return is_view(op) && op.name != "aten::_conj" && op.name != "aten::_neg_view" &&
           op.name != "aten::view_as_real";
  });
  const int32_t s = picked(choices, scene.storages(false));
  if (!can_be_lazy(scene, s)) return {};
  const Path path{{any_bit(choices, dtype_of(scene, s)), s}};
  const std::string lost = views_show(
      world, scene, path, s, [](const oracles::TensorSnapshot& view) { return view.neg || view.conj; });
  return lost.empty() ? world.difference(scene, {}, path, {}) : lost;
}

// Two layers, of one storage or of two, do what each does alone.
std::string layers_stack(FallbackWorld& world, ChoiceSource& choices) {
  const Scene scene = world.drawn(choices, is_functional);
  const std::vector<int32_t> storages = scene.storages(false);
  if (storages.empty()) return {};
  const int32_t s = choices.pick(storages), t = choices.pick(storages);
  if (!can_be_lazy(scene, s) || !can_be_lazy(scene, t)) return {};
  const bool both = engine::is_complex(dtype_of(scene, s));
  if (s == t && !both) return {};
  if (s == t) return world.difference(scene, {}, {{LayerKind::neg, s}, {LayerKind::conj, s}}, {});
  const corpora::Layer bit{any_bit(choices, dtype_of(scene, t)), t};
  if (choices.chance(1, 2))
    return world.difference(scene, {{LayerKind::zeros, s}}, {{LayerKind::zero, s}, bit}, {});
  return world.difference(scene, {}, {{any_bit(choices, dtype_of(scene, s)), s}, bit}, {});
}

}  // namespace

std::vector<FallbackLaw> laws_of_drawn_cases() {
  return {
      {31, "ZerosAreRead", zeros_are_read},
      {32, "ZeroTimesInfinityIsComputed", zero_times_infinity_is_computed},
      {33, "StridesAreThoseOfRealZeros", strides_are_those_of_real_zeros},
      {34, "AWrittenOneIsRefused", a_written_one_is_refused},
      {35, "ViewsOfZerosAreZeros", views_of_zeros_are_zeros},
      {38, "RefusalsAreThoseOfRealZeros", refusals_are_those_of_real_zeros},
      {41, "ReshapingIsNoWrite", reshaping_is_no_write},
      {42, "LazyIsResolved", lazy_is_resolved},
      {43, "WritesGoThrough", writes_go_through},
      {44, "WrittenTensorsStayThemselves", written_tensors_stay_themselves},
      {45, "VersionsCountOnce", versions_count_once},
      {46, "ViewsKeepTheBit", views_keep_the_bit},
      {110, "LayersStack", layers_stack},
  };
}

}  // namespace properties
