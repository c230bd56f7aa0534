// DTypes: a set of element types, and the sets that operators take, by class: a new dtype that the engine
// computes with is in them. An operator that takes a dtype which is only stored names it: DTypes{DType::u16}.
#pragma once

#include <cstdint>
#include <initializer_list>

#include "engine/core/dtype.h"

namespace engine {

struct DTypes {
  uint32_t bits = 0;  // public, so that a set can be a template's argument

  constexpr DTypes() = default;
  constexpr DTypes(std::initializer_list<DType> dtypes) {
    for (DType dtype : dtypes) bits |= bit(dtype);
  }
  static constexpr DTypes of(DTypeClass dtype_class) {
    DTypes dtypes;
    for (DType dtype : computed_dtypes)
      if (class_of(dtype) == dtype_class) dtypes.bits |= bit(dtype);
    return dtypes;
  }
  constexpr bool has(DType dtype) const { return (bits & bit(dtype)) != 0; }
  constexpr DTypes operator|(DTypes other) const { return from(bits | other.bits); }
  constexpr DTypes operator-(DTypes other) const { return from(bits & ~other.bits); }
  bool operator==(const DTypes&) const = default;

 private:
  static constexpr uint32_t bit(DType dtype) { return uint32_t{1} << static_cast<int>(dtype); }
  static constexpr DTypes from(uint32_t bits) {
    DTypes dtypes;
    dtypes.bits = bits;
    return dtypes;
  }
};

inline constexpr DTypes bool_dtype = DTypes::of(DTypeClass::boolean);
inline constexpr DTypes integer_dtypes = DTypes::of(DTypeClass::integer);
inline constexpr DTypes real_dtypes = DTypes::of(DTypeClass::half) | DTypes::of(DTypeClass::real);
inline constexpr DTypes complex_dtypes = DTypes::of(DTypeClass::complex);
inline constexpr DTypes floating_dtypes = real_dtypes | complex_dtypes;
inline constexpr DTypes ordered_dtypes = bool_dtype | integer_dtypes | real_dtypes;
inline constexpr DTypes all_dtype_set = ordered_dtypes | complex_dtypes;

}  // namespace engine
