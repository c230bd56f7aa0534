// Laws of tensors that no case can hold: lists of optional tensors, overlapping operands, numbers drawn.
#include <fmt/format.h>

#include <numeric>

#include "engine/operator_cases.h"
#include "properties/fallback_laws.h"

namespace properties {

namespace {

using corpora::ChoiceSource;
using engine::DispatchKey;
using engine::DType;
using engine::KeySet;
using engine::Tensor;
using engine::Value;
using engine::ops::values_of;
using Numbers = std::vector<double>;

constexpr KeySet lazy_bits{DispatchKey::ZeroTensor, DispatchKey::Negative, DispatchKey::Conjugate};

Tensor counted(DType dtype = DType::f32) {
  Numbers values(12);
  std::iota(values.begin(), values.end(), 1);
  return engine::ops::tensor_of(dtype, {12}, values);
}

struct Shape {
  engine::Dims sizes, strides;
  int64_t offset;
};
const std::array<Shape, 6> plain_shapes{{{{3, 4}, {4, 1}, 0},
                                         {{4, 3}, {1, 4}, 0},
                                         {{3}, {4}, 1},
                                         {{2, 2}, {6, 2}, 1},
                                         {{}, {}, 5},
                                         {{0, 2}, {2, 1}, 3}}};
const std::array<Shape, 2> overlapping_shapes{{{{2, 4}, {0, 1}, 2}, {{3, 3}, {1, 1}, 0}}};

Tensor viewed(ChoiceSource& choices, const Tensor& base, bool may_overlap) {
  const Shape& shape =
      may_overlap && choices.chance(1, 3) ? choices.pick(overlapping_shapes) : choices.pick(plain_shapes);
  return base.view(shape.sizes, shape.strides, shape.offset);
}
Tensor zeros(ChoiceSource& choices) {
  return viewed(choices, engine::make_zero_tensor(DType::f32, {12}), true);
}
Tensor negated(ChoiceSource& choices) {
  return viewed(choices, counted(), true).toggled(DispatchKey::Negative);
}

// What a kernel sees of tensors, optional tensors and lists of both, some of them dressed.
std::string kernels_see_none(FallbackWorld& world, ChoiceSource& choices, Tensor (*dressed)(ChoiceSource&)) {
  const auto any = [&] { return choices.chance(1, 2) ? dressed(choices) : viewed(choices, counted(), true); };
  const Tensor first = any(), second = any(), third = any();
  const Value list = std::vector<Tensor>{first, Tensor(), second};
  const Value optional = std::vector<std::optional<Tensor>>{third, std::nullopt};
  world.call("law::see", {any(), choices.chance(1, 4) ? Value() : Value(any()), list, optional});
  for (size_t i = 0; i < world.seen.size(); ++i)
    if (world.seen[i].keys().has_any(lazy_bits)) return fmt::format("argument {} was not resolved", i);
  const bool kept = list.tensors()[0].is_same(first) && list.tensors()[2].is_same(second) &&
                    optional.optional_tensors()[0]->is_same(third);
  return kept ? "" : "a list of the caller was written";
}
std::string kernels_see_no_zero_tensor(FallbackWorld& world, ChoiceSource& choices) {
  return kernels_see_none(world, choices, zeros);
}
std::string kernels_see_no_bit(FallbackWorld& world, ChoiceSource& choices) {
  return kernels_see_none(world, choices, negated);
}

std::string a_copy_of_zeros_zeroes(FallbackWorld& world, ChoiceSource& choices) {
  const Tensor copied = counted(), zeroed = counted();
  const Tensor to = viewed(choices, copied, false);
  const Tensor same = zeroed.view(to.sizes(), to.strides(), to.offset());
  world("aten::copy_", {to, engine::make_zero_tensor(DType::f32, to.sizes()), false});
  world("aten::zero_", {same});
  if (values_of(copied) != values_of(zeroed)) return "other elements than those of zero_";
  if (to.version() != same.version()) return "the version counts otherwise";
  return to.strides() == same.strides() ? "" : "the strides have changed";
}

std::string a_clone_of_zeros_is_real(FallbackWorld& world, ChoiceSource& choices) {
  const Tensor zero = zeros(choices);
  const Tensor clone = world("aten::clone", {zero, Value()});
  if (clone.is_zero() || clone.shares_storage(zero)) return "it is still lazy";
  if (engine::may_overlap(clone.sizes(), clone.strides())) return "its elements overlap";
  if (values_of(clone) != Numbers(static_cast<size_t>(zero.element_count()), 0)) return "it is not zero";
  world.call("law::see", {zero, zero, std::vector<Tensor>{}, std::vector<std::optional<Tensor>>{}});
  return world.seen[0].tensor().shares_storage(world.seen[1].tensor()) ? "two uses share memory" : "";
}

// self.op_(other), where both may show the same memory, is op of what they showed before.
std::string reads_come_first(FallbackWorld& world, ChoiceSource& choices) {
  constexpr std::array<std::string_view, 2> operators{"aten::add_.Tensor", "aten::sub_.Tensor"};
  const std::string_view op = choices.pick(operators);
  const Tensor base = counted();
  const auto part = [&](bool lazy) {
    const Tensor view =
        base.view({4}, {1 + static_cast<int64_t>(choices.below(2))}, static_cast<int64_t>(choices.below(4)));
    return lazy ? view.toggled(DispatchKey::Negative) : view;
  };
  const Tensor self = part(true), other = part(choices.chance(1, 2));
  const auto logical = [](const Tensor& tensor) {
    Numbers values = values_of(tensor);
    if (tensor.is_neg())
      for (double& x : values) x = -x;
    return values;
  };
  Numbers expected = logical(self), added = logical(other), around = values_of(base);
  for (size_t i = 0; i < expected.size(); ++i) {
    expected[i] += op == operators[0] ? added[i] : -added[i];
    around[static_cast<size_t>(self.offset()) + i * static_cast<size_t>(self.stride(0))] = -expected[i];
  }
  world(op, {self, other, 1});
  if (logical(self) != expected) return "a read came after a write";
  return values_of(base) == around ? "" : "elements around the written ones have changed";
}

std::string bits_commute_and_cancel(FallbackWorld& world, ChoiceSource& choices) {
  const Tensor x = viewed(choices, counted(DType::c64), true);
  const auto neg = [&](const Tensor& t) { return world("aten::_neg_view", {t}); };
  const auto conj = [&](const Tensor& t) { return world("aten::_conj", {t}); };
  const Tensor one = neg(conj(x)), other = conj(neg(x));
  if (one.keys() != other.keys() || one.storage() != other.storage()) return "the order shows";
  for (const Tensor& back : {neg(neg(x)), conj(conj(x)), neg(conj(neg(conj(x))))})
    if (back.keys() != x.keys() || back.storage() != x.storage() || back.strides() != x.strides())
      return "twice is not nothing";
  return {};
}

std::string numbers_are_drawn_once(FallbackWorld& world, ChoiceSource& choices) {
  const auto draw = [&](bool lazy) {
    world.numbers_drawn = 0;
    const Tensor base = counted(), view = viewed(choices, base, false);
    const Tensor self = lazy ? view.toggled(DispatchKey::Negative) : view;
    world("law::draw_", {self});
    Numbers values = values_of(view);
    if (lazy)
      for (double& x : values) x = -x;
    return std::pair(values, world.numbers_drawn - view.element_count());
  };
  const auto [values, more] = draw(true);
  Numbers expected(values.size());
  std::iota(expected.begin(), expected.end(), 0);
  if (more != 0) return fmt::format("{} numbers too many", more);
  return values == expected ? "" : "other numbers";
}

// Every element of a written list, or, where the kernel raises, none that has the bit.
std::string written_lists_are_written(FallbackWorld& world, ChoiceSource& choices) {
  std::vector<Tensor> bases, list;
  for (uint64_t n = 1 + choices.below(3); n > 0; --n) {
    bases.push_back(counted());
    const Tensor view = bases.back().view({3}, {1}, 2);
    list.push_back(choices.chance(2, 3) ? view.toggled(DispatchKey::Negative) : view);
  }
  const auto raises_at = static_cast<int64_t>(choices.below(list.size() + 1));
  const bool raises = raises_at < static_cast<int64_t>(list.size());
  try {
    world.call("law::write_list_", {list, raises_at});
    if (raises) return "it did not raise";
  } catch (const engine::Error&) {
    if (!raises) return "it raised";
  }
  for (size_t i = 0; i < list.size(); ++i) {
    const double sign = list[i].is_neg() ? -1 : 1;
    const bool written = !raises || (!list[i].is_neg() && static_cast<int64_t>(i) < raises_at);
    Numbers expected{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    for (size_t k = 0; written && k < 3; ++k) expected[2 + k] = sign * static_cast<double>(1 + k);
    if (values_of(bases[i]) != expected) return fmt::format("element {} of the list", i);
  }
  return {};
}

}  // namespace

std::vector<FallbackLaw> laws_of_tensors() {
  return {
      {36, "KernelsSeeNoZeroTensor", kernels_see_no_zero_tensor},
      {37, "ACopyOfZerosZeroes", a_copy_of_zeros_zeroes},
      {39, "ACloneOfZerosIsReal", a_clone_of_zeros_is_real},
      {47, "KernelsSeeNoBit", kernels_see_no_bit},
      {48, "ReadsComeFirst", reads_come_first},
      {49, "BitsCommuteAndCancel", bits_commute_and_cancel},
      {50, "NumbersAreDrawnOnce", numbers_are_drawn_once},
      {51, "WrittenListsAreWritten", written_lists_are_written},
  };
}

std::vector<FallbackLaw> fallback_laws() {
  std::vector<FallbackLaw> all = laws_of_drawn_cases();
  for (const FallbackLaw& law : laws_of_tensors()) all.push_back(law);
  return all;
}

}  // namespace properties
