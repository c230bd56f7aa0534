#include "oracles/reference/kernels/promotion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace reference {

namespace {

using engine::dtype_count;
using enum engine::DType;

struct Edge {
  DType lower, upper;
};

// Promotion as a lattice: each dtype and those just above it. Two dtypes meet in the lowest that is above
// both.
constexpr Edge edges[] = {{b8, u8},   {b8, i8},   {u8, i16},   {i8, i16},  {i16, i32},
                          {i32, i64}, {i64, f16}, {i64, bf16}, {f16, f32}, {bf16, f32},
                          {f32, f64}, {f32, c64}, {f64, c128}, {c64, c128}};

using Meetings = std::array<std::array<std::optional<DType>, dtype_count>, dtype_count>;

constexpr size_t index(DType dtype) { return static_cast<size_t>(dtype); }

constexpr Meetings meetings = [] {
  std::array<std::array<bool, dtype_count>, dtype_count> above{};  // [a][b]: b is a or above it
  for (DType dtype : engine::all_dtypes) above[index(dtype)][index(dtype)] = true;
  for (int round = 0; round < dtype_count; ++round)
    for (const Edge& edge : edges)
      for (DType dtype : engine::all_dtypes)
        if (above[index(dtype)][index(edge.lower)]) above[index(dtype)][index(edge.upper)] = true;
  Meetings made{};
  for (DType a : engine::all_dtypes)
    for (DType b : engine::all_dtypes)
      for (DType each : engine::all_dtypes) {
        std::optional<DType>& lowest = made[index(a)][index(b)];
        if (!above[index(a)][index(each)] || !above[index(b)][index(each)]) continue;
        if (!lowest || above[index(each)][index(*lowest)]) lowest = each;
      }
  return made;
}();

int category(DType dtype) {
  if (dtype == b8) return 0;
  return engine::is_integral(dtype) ? 1 : engine::is_complex(dtype) ? 3 : 2;
}

// What a weaker sort of operand adds: nothing, unless its category is higher; to a real one only that the
// result is complex.
DType raised(DType strong, DType weak) {
  if (category(weak) <= category(strong)) return strong;
  return category(strong) == 2 ? complex_of(strong) : promoted(strong, weak);
}

}  // namespace

DType promoted(DType a, DType b) {
  const std::optional<DType> meeting = meetings[index(a)][index(b)];
  if (!meeting) throw Unknown{fmt::format("{} and {} have no common dtype", name_of(a), name_of(b))};
  return *meeting;
}

DType complex_of(DType dtype) { return promoted(dtype, c64); }

void Operands::join(std::optional<DType>& with, DType dtype) { with = with ? promoted(*with, dtype) : dtype; }

void Operands::add(const engine::Scalar& number) {
  constexpr std::array<DType, 4> of_kinds{b8, i64, f32, c64};
  join(numbers_, of_kinds[static_cast<size_t>(number.kind())]);
}

DType Operands::dtype() const {
  std::optional<DType> joined;
  for (const std::optional<DType>& sort : {dims_, no_dims_, numbers_}) {
    if (!sort) continue;
    joined = joined ? raised(*joined, *sort) : *sort;
  }
  return joined.value_or(f32);
}

Dims broadcast(const Dims& a, const Dims& b) {
  const Dims& longer = a.size() >= b.size() ? a : b;
  const Dims& shorter = a.size() >= b.size() ? b : a;
  Dims sizes = longer;
  const size_t lead = longer.size() - shorter.size();
  for (size_t d = 0; d < shorter.size(); ++d) {
    int64_t& size = sizes[lead + d];
    if (size == 1)
      size = shorter[d];
    else if (shorter[d] != 1 && shorter[d] != size)
      throw Raises{"the sizes do not broadcast"};
  }
  return sizes;
}

Dims broadcast_strides(const Dims& from, const Dims& to) {
  Dims strides(to.size(), 0);
  int64_t step = 1;
  for (size_t d = from.size(); d-- > 0;) {
    if (from[d] != 1) strides[to.size() - from.size() + d] = step;
    step *= from[d];
  }
  return strides;
}

size_t dimension(int64_t dim, size_t rank) {
  const auto count = static_cast<int64_t>(std::max<size_t>(rank, 1));
  if (dim < -count || dim >= count) throw Raises{"dimension out of range"};
  return static_cast<size_t>(dim < 0 ? dim + count : dim);
}

}  // namespace reference
