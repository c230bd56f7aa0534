// Tensors for laws about calls that no case can express: lists of optional tensors, overlapping operands,
// random numbers.
#pragma once

#include <numeric>

#include "engine/operator_cases.h"
#include "properties/over_fallback.h"

namespace properties {

using engine::DType;
using engine::ops::values_of;
using Numbers = std::vector<double>;

// 1, 2, ... 12.
inline Tensor counted(DType dtype = DType::f32) {
  Numbers values(12);
  std::iota(values.begin(), values.end(), 1);
  return engine::ops::tensor_of(dtype, {12}, values);
}

// A view of twelve elements.
inline Tensor viewed(ChoiceSource& choices, const Tensor& base, bool may_overlap) {
  struct Shape {
    engine::Dims sizes, strides;
    int64_t offset;
  };
  static const std::array<Shape, 6> plain{{{{3, 4}, {4, 1}, 0},
                                           {{4, 3}, {1, 4}, 0},
                                           {{3}, {4}, 1},
                                           {{2, 2}, {6, 2}, 1},
                                           {{}, {}, 5},
                                           {{0, 2}, {2, 1}, 3}}};
  static const std::array<Shape, 2> overlapping{{{{2, 4}, {0, 1}, 2}, {{3, 3}, {1, 1}, 0}}};
  const Shape& shape = may_overlap && choices.chance(1, 3) ? choices.pick(overlapping) : choices.pick(plain);
  return base.view(shape.sizes, shape.strides, shape.offset);
}

// The law that a kernel sees none of the tensors that `lazy` makes, whether they are tensors, optional
// tensors or elements of lists, and that the caller's lists are unchanged.
inline Tried kernels_see_none(EngineWorld& world, ChoiceSource& choices, Tensor (*lazy)(ChoiceSource&)) {
  constexpr engine::KeySet lazy_keys{DispatchKey::ZeroTensor, DispatchKey::Negative, DispatchKey::Conjugate};
  const auto any = [&] { return choices.chance(1, 2) ? lazy(choices) : viewed(choices, counted(), true); };
  const Tensor first = any(), second = any(), third = any();
  const Value list = std::vector<Tensor>{first, Tensor(), second};
  const Value optional = std::vector<std::optional<Tensor>>{third, std::nullopt};
  world.call("law::see", {any(), choices.chance(1, 4) ? Value() : Value(any()), list, optional});
  for (size_t i = 0; i < world.seen.size(); ++i)
    if (!(world.seen[i].keys() & lazy_keys).empty())
      return broken(fmt::format("argument {} was not resolved", i));
  const bool kept = list.tensors()[0].is_same(first) && list.tensors()[2].is_same(second) &&
                    optional.optional_tensors()[0]->is_same(third);
  return held_if(kept, "a list of the caller was written");
}

}  // namespace properties
