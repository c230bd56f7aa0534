#include "oracles/reference/kernels/promotion.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/core/float_formats.h"

namespace reference {

namespace {

using engine::dtype_count;
using enum engine::DType;

constexpr size_t index(DType dtype) { return static_cast<size_t>(dtype); }

// Whether `upper` holds the values of `lower`. Every float counts as holding every integer, and a complex
// dtype holds what its components hold.
constexpr bool is_above(DType upper, DType lower) {
  if (upper == lower || lower == b8) return true;
  if (upper == b8) return false;
  if (engine::is_complex(upper)) return is_above(component_of(upper), component_of(lower));
  if (engine::is_complex(lower)) return false;
  if (engine::is_integral(upper) != engine::is_integral(lower)) return engine::is_integral(lower);
  if (engine::is_integral(upper)) {
    const bool fits_sign = engine::traits_of(upper).is_signed || !engine::traits_of(lower).is_signed;
    return fits_sign && size_of(upper) > size_of(lower);
  }
  return engine::with_format(upper, [&]<class Upper>(Upper) {
    return engine::with_format(lower, []<class Lower>(Lower) {
      return Upper::fraction_bits >= Lower::fraction_bits && Upper::exponent_bits >= Lower::exponent_bits;
    });
  });
}

// By dtype: the dtypes above it, as bits.
constexpr std::array<uint32_t, dtype_count> above = [] {
  std::array<uint32_t, dtype_count> made{};
  for (DType lower : engine::computed_dtypes)
    for (DType upper : engine::computed_dtypes)
      made[index(lower)] |= uint32_t{is_above(upper, lower)} << index(upper);
  return made;
}();

using Meetings = std::array<std::array<std::optional<DType>, dtype_count>, dtype_count>;

// Promotion as a lattice: two dtypes meet in the one that is above both and below all others that are. None:
// they do not meet, or the engine does not compute with one of them.
constexpr Meetings meetings = [] {
  Meetings made{};
  for (DType a : engine::computed_dtypes)
    for (DType b : engine::computed_dtypes) {
      const uint32_t both = above[index(a)] & above[index(b)];
      for (DType each : engine::computed_dtypes)
        if ((both >> index(each) & 1) != 0 && (both & ~above[index(each)]) == 0)
          made[index(a)][index(b)] = each;
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
  return category(strong) == 2 ? promoted(strong, c64) : promoted(strong, weak);
}

}  // namespace

DType promoted(DType a, DType b) {
  const std::optional<DType> meeting = meetings[index(a)][index(b)];
  if (!meeting) throw Unknown{fmt::format("{} and {} have no common dtype", name_of(a), name_of(b))};
  return *meeting;
}

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
