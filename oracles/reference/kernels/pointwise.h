// Pointwise references: a function of one element of each operand, applied after promotion and broadcasting.
// Operands are arguments of the call: tensors or numbers. A function is a template over the element types
// that the operator accepts: int64_t, W and Complex<W>.
#pragma once

#include <array>
#include <utility>

#include "oracles/reference/kernels/promotion.h"
#include "oracles/reference/kernels/reference.h"
#include "oracles/reference/kernels/rounding.h"
#include "oracles/reference/kernels/wide_math.h"

namespace reference {

// The classes of dtypes that an operator accepts.
struct Takes {
  bool bools = true, integers = true, reals = true, complex = true;

  void check(DType dtype) const {
    const bool taken = dtype == DType::b8           ? bools
                       : engine::is_integral(dtype) ? integers
                       : engine::is_complex(dtype)  ? complex
                                                    : reals;
    if (!taken) throw Raises{"not defined for this dtype"};
  }
};

template <class W>
DType common_dtype(const Call<W>& call, std::initializer_list<size_t> arguments) {
  Operands operands;
  for (const size_t i : arguments) {
    if (call.is_array(i))
      operands.add(call.array(i).dtype, call.array(i).rank());
    else
      operands.add(call.arguments[i].number);
  }
  return operands.dtype();
}

// An operand, converted to the common dtype and broadcast to the result's sizes.
template <class W>
struct Shown {
  Array<W> array;
  std::vector<size_t> at;  // empty: element by element

  Shown(Array<W> of, const Dims& sizes) : array(std::move(of)) {
    if (array.sizes != sizes) at = places(sizes, broadcast_strides(array.sizes, sizes));
  }
  template <class T>
  T element(size_t i) const {
    return array.template at<T>(at.empty() ? i : at[i]);
  }
};

// Numbers are rounded to the compute dtype, which is f32 for the half types.
template <class W>
Array<W> operand(const Call<W>& call, size_t argument, DType common) {
  if (call.is_array(argument)) return cast(call.array(argument), common, call.rounds);
  return array_of<W>(call.arguments[argument].number, computed_in(common));
}

template <class W>
Dims broadcast_all(const std::vector<Array<W>>& operands) {
  Dims sizes;
  for (const Array<W>& each : operands) sizes = broadcast(sizes, each.sizes);
  return sizes;
}

// Calls visit(i, elements...) for each element of the result; T is the operands' element type.
template <class T, size_t n, class W, class Visit>
void for_each_element(const std::vector<Array<W>>& operands, const Dims& sizes, Visit visit) {
  std::vector<Shown<W>> shown;
  for (const Array<W>& each : operands) shown.emplace_back(each, sizes);
  const size_t count = countable(sizes);
  const auto call = [&]<size_t... k>(std::index_sequence<k...>) {
    for (size_t i = 0; i < count; ++i) visit(i, shown[k].template element<T>(i)...);
  };
  call(std::make_index_sequence<n>());
}

template <class F, class T, size_t... k>
constexpr bool takes_elements(std::index_sequence<k...>) {
  return std::is_invocable_v<F, decltype((void)k, T{})...>;
}

// If an operand is not finite, a complex result depends on the formula that is used: it is left unspecified.
// result[i] = f(elements...), in one dtype; `result` is the dtype of what f returns.
template <size_t n, class W, class F>
Result<W>& pointwise(Call<W>& call, const std::vector<Array<W>>& operands, DType common, DType result, F f) {
  Result<W>& made = call.give(blank<W>(result, broadcast_all(operands)));
  with_elements<W>(common, [&]<class T>() {
    if constexpr (takes_elements<F, T>(std::make_index_sequence<n>())) {
      for_each_element<T, n>(operands, made.values.sizes, [&](size_t i, auto... x) {
        if constexpr (is_complex_type<T>)
          if (!engine::is_integral(result) && !(is_finite(x) && ...)) made.leave_open(i);
        made.values.set(i, f(x...));
      });
    } else {
      throw Raises{"not defined for this dtype"};
    }
  });
  return made;
}

}  // namespace reference
