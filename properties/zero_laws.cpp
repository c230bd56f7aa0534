// Laws of ZeroTensors: a ZeroTensor behaves as real zeros do, and is never written.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/backends/copy.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "properties/drawn_calls.h"
#include "properties/law_tensors.h"

namespace properties {

namespace {

using oracles::Comparison;
using oracles::Status;

Path real(int32_t storage) { return {{LayerKind::zeros, storage}}; }
Path lazy(int32_t storage) { return {{LayerKind::zero, storage}}; }

// --- laws of drawn calls

template <size_t n>
bool is_one_of(const Operator& op, const std::array<std::string_view, n>& names) {
  return std::ranges::find(names, op.name) != names.end();
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

// One of the storages, as real zeros and as a ZeroTensor.
Tried zeros_agree(EngineWorld& world, const Case& c, ChoiceSource& choices, bool written,
                  const Comparison& rules = {}) {
  const int32_t s = any_storage(world, c, written, choices);
  return s < 0 ? not_tried("no such storage") : world.agree(c, real(s), lazy(s), rules);
}

Tried zeros_are_read(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  Comparison rules;
  rules.strides = false;
  return zeros_agree(world, c, choices, false, rules);
}
Tried strides_are_those_of_real_zeros(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  Comparison rules;
  rules.values = false;
  return zeros_agree(world, c, choices, false, rules);
}
Tried in_place_views_are_not_writes(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  return zeros_agree(world, c, choices, true);
}

// A product in which every operand may hold infinity and NaN.
Case draw_product(EngineWorld& world, ChoiceSource& choices) {
  Case c = draw_call(world, is_product, choices);
  for (corpora::Storage& storage : c.storages) {
    storage.rule = corpora::FillRule::wild;
    storage.bytes.clear();
  }
  corpora::Value& last = c.calls[0].arguments.back();
  if (last.kind == corpora::ValueKind::integer && choices.chance(1, 2))
    last = corpora::Value::of_real(choices.chance(1, 2) ? HUGE_VAL : NAN);
  return c;
}
Tried products_agree(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  return zeros_agree(world, c, choices, false);
}

Tried writes_are_refused(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  const int32_t s = any_storage(world, c, true, choices);
  if (s < 0) return not_tried("nothing is written");
  const auto outcome = world.run(c, lazy(s));
  if (!outcome) return not_tried("the path is refused");
  const oracles::CallOutcome& call = outcome->last();
  if (call.status == Status::returned) return broken("the call returned", lazy(s));
  if (!call.changes.empty() || !call.changed_storages.empty())
    return broken("the call raised and changed something", lazy(s));
  return outcome->state.before == outcome->state.after ? held()
                                                       : broken("the thread's keys have changed", lazy(s));
}

Tried views_of_zeros_are_zeros(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  const int32_t s = any_storage(world, c, false, choices);
  if (s < 0) return not_tried("no tensor is read");
  const Tried shown =
      views_show(world, c, lazy(s), s, [](const oracles::TensorSnapshot& view) { return view.zero; });
  return shown.answer == Tried::Answer::held ? world.agree(c, real(s), lazy(s)) : shown;
}

Tried errors_are_those_of_real_zeros(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  const int32_t s = any_storage(world, c, false, choices);
  if (s < 0) return not_tried("no tensor is read");
  const auto left = world.run(c, real(s)), right = world.run(c, lazy(s));
  if (!left || !right) return not_tried("a path is refused");
  const oracles::CallOutcome &one = left->last(), &other = right->last();
  if (one.status != other.status || one.error_class != other.error_class || one.message != other.message)
    return broken(fmt::format("'{}' and '{}'", one.message, other.message), lazy(s));
  if (one.status != Status::returned) return held();
  return one.results[0].tensor.dtype == other.results[0].tensor.dtype ? held()
                                                                      : broken("different dtypes", lazy(s));
}

// --- laws of tensors

Tensor zeros(ChoiceSource& choices) {
  return viewed(choices, engine::make_zero_tensor(DType::f32, {12}), true);
}

Tried kernels_see_no_zero_tensor(EngineWorld& world, ChoiceSource& choices) {
  return kernels_see_none(world, choices, zeros);
}

Tried copy_of_zeros_is_zeroing(EngineWorld& world, ChoiceSource& choices) {
  const Tensor copied = counted(), zeroed = counted();
  const Tensor to = viewed(choices, copied, false);
  const Tensor same = zeroed.view(to.sizes(), to.strides(), to.offset());
  world("aten::copy_", {to, engine::make_zero_tensor(DType::f32, to.sizes()), false});
  world("aten::zero_", {same});
  if (values_of(copied) != values_of(zeroed)) return broken("different elements than after zero_");
  if (to.version() != same.version()) return broken("a different version than after zero_");
  return held_if(to.strides() == same.strides(), "the strides have changed");
}

Tried clone_of_zeros_is_real(EngineWorld& world, ChoiceSource& choices) {
  const Tensor zero = zeros(choices);
  const Tensor clone = world("aten::clone", {zero, Value()});
  if (clone.is_zero() || clone.shares_storage(zero)) return broken("it is still lazy");
  if (engine::may_overlap(clone.sizes(), clone.strides())) return broken("its elements overlap");
  if (values_of(clone) != Numbers(static_cast<size_t>(zero.element_count()), 0))
    return broken("it is not zero");
  world.call("law::see", {zero, zero, std::vector<Tensor>{}, std::vector<std::optional<Tensor>>{}});
  return held_if(!world.seen[0].tensor().shares_storage(world.seen[1].tensor()), "two uses share memory");
}

// --- mistakes

constexpr DispatchKey zero_key = DispatchKey::ZeroTensor;

Tensor filled(const Tensor& like, double value) {
  const Tensor made = engine::make_strided_tensor(like.dtype(), like.sizes(), like.strides(), like.device());
  engine::fill_elements(made, value);
  return made;
}
Tensor real_zeros(const Tensor& like) { return filled(like, 0); }
// One element that has all the strides of an expanded scalar.
Tensor one_zero(const Tensor& like) {
  const Tensor one = engine::make_tensor(like.dtype(), {}, like.device());
  std::memset(one.data(), 0, engine::size_of(one.dtype()));
  return one.view(like.sizes(), engine::Dims(like.rank(), 0), 0);
}

void reads_ones(const Kernel&, const Call& call, Stack& stack) {
  substitute(call, stack, zero_key, [](const Tensor& zero) { return filled(zero, 1); });
}
void has_no_strides(const Kernel&, const Call& call, Stack& stack) {
  substitute(call, stack, zero_key, one_zero);
}
void writes_a_copy(const Kernel&, const Call& call, Stack& stack) {
  substitute(call, stack, zero_key, real_zeros);
}
void keeps_optional_lists(const Kernel&, const Call& call, Stack& stack) {
  substitute(call, stack, zero_key, real_zeros, is_no_optional_list);
}

void copies_nothing(const Kernel& right, const Call& call, Stack& stack) {
  const Value& source = stack.last(3)[1];
  if (source.tensor().defined() && source.tensor().is_zero()) return stack.drop(2);
  if (right.kind == engine::KernelKind::fallthrough) return pass_on(call, stack, zero_key);
  call_kernel(right, call, stack);
}

void subtracts_bools(const Kernel& right, const Call& call, Stack& stack) {
  const engine::ops::Formulas ops(call.dispatcher());
  for (Value& operand : stack.last(3).first(2))
    if (operand.tensor().defined() && operand.tensor().dtype() == DType::b8)
      operand = ops.to_dtype(operand.tensor(), DType::i64);
  call_kernel(right, call, stack);
}

void clones_one_zero(const Kernel&, const Call&, Stack& stack) {
  stack.replace_last(2, one_zero(Tensor(stack.last(2)[0].tensor())));
}

void refuses(const Kernel&, const Call&, Stack&) { throw engine::Error("ZeroTensors are immutable."); }

using Row = Law<EngineWorld>;
const DeclaredLaws<EngineWorld> laws_of_zeros{
    {
        Row(31, "ZerosAreRead", "A call reads a ZeroTensor as zeros.", 0.5,
            {draw_call_of<is_functional>, zeros_are_read},
            {wrong_at<zero_key>("a ZeroTensor is read as ones", reads_ones)}),
        Row(32, "ZeroTimesInfinityIsComputed",
            "Zero times infinity or NaN is NaN, also if the zero is a ZeroTensor.", 0.5,
            {draw_product, products_agree},
            {engine_with("zero times infinity is zero",
                         [](auto& d) { return oracles::engine_plant("zero_times_infinity")->plant(d); })}),
        Row(33, "StridesAreThoseOfRealZeros",
            "A call returns for a ZeroTensor the strides that it returns for real zeros.", 0.5,
            {draw_call_of<is_functional>, strides_are_those_of_real_zeros},
            {wrong_at<zero_key>("real zeros are one zero, expanded", has_no_strides)}),
        Row(34, "WritesAreRefused", "A call that writes a ZeroTensor raises before anything has changed.",
            0.5, {draw_call_of<writes_values>, writes_are_refused},
            {wrong_at<zero_key>("a written ZeroTensor is replaced by real zeros", writes_a_copy)}),
        Row(35, "ViewsOfZerosAreZeros", "A view of a ZeroTensor is a ZeroTensor of the same storage.", 0.45,
            {draw_call_of<is_view>, views_of_zeros_are_zeros},
            {wrong_at<zero_key>("a view of a ZeroTensor is a view of real zeros", writes_a_copy,
                                is_declared_view)}),
        Row(36, "KernelsSeeNoZeroTensor", "No kernel sees a ZeroTensor, in any argument or list.", 1,
            {kernels_see_no_zero_tensor},
            {wrong_at<zero_key>("lists of optional tensors are not replaced", keeps_optional_lists)}),
        Row(37, "CopyOfZerosIsZeroing", "Copying a ZeroTensor into a tensor does what zero_ does.", 1,
            {copy_of_zeros_is_zeroing},
            {wrong_at<zero_key>("copying a ZeroTensor into a tensor does not change the tensor",
                                copies_nothing, named("aten::copy_"))}),
        Row(38, "ErrorsAreThoseOfRealZeros",
            "Arithmetic on a ZeroTensor raises what it raises on real zeros, and returns the same dtype.",
            0.5, {draw_call_of<is_arithmetic>, errors_are_those_of_real_zeros},
            {wrong_at<zero_key>("subtracting a ZeroTensor does not check its dtypes", subtracts_bools,
                                named("aten::sub.Tensor"))}),
        Row(39, "CloneOfZerosIsReal",
            "A clone of a ZeroTensor has its own memory, and no two uses share memory.", 1,
            {clone_of_zeros_is_real},
            {wrong_at<zero_key>("a clone of a ZeroTensor is one zero, expanded", clones_one_zero,
                                named("aten::clone"))}),
        Row(41, "InPlaceViewsAreNotWrites", "An in-place view operator accepts a ZeroTensor.", 0.5,
            {draw_call_of<is_view_in_place>, in_place_views_are_not_writes},
            {wrong_at<zero_key>("squeeze_ with a dimension counts as a write", refuses,
                                named("aten::squeeze_.dim"))}),
    },
    {sound_engine()}};

}  // namespace
}  // namespace properties
