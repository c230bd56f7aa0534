// DTypes: a set of element types.
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

inline constexpr DTypes bool_dtype{DType::b8};
inline constexpr DTypes integer_dtypes{DType::u8, DType::i8, DType::i16, DType::i32, DType::i64};
inline constexpr DTypes real_dtypes{DType::f16, DType::bf16, DType::f32, DType::f64};
inline constexpr DTypes complex_dtypes{DType::c64, DType::c128};
inline constexpr DTypes floating_dtypes = real_dtypes | complex_dtypes;
inline constexpr DTypes ordered_dtypes = bool_dtype | integer_dtypes | real_dtypes;
// Every dtype that kernels are compiled for.
inline constexpr DTypes all_dtype_set = ordered_dtypes | complex_dtypes;

}  // namespace engine
