// DType: the element types that cases, tensors and comparators speak of.
// Names are the short ones of operator logs (f32, i64, b8 ...); sizes are in bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace engine {

enum class DType : uint8_t { b8, u8, i8, i16, i32, i64, f16, bf16, f32, f64, c64, c128 };

inline constexpr int dtype_count = 12;

inline constexpr std::array<DType, dtype_count> all_dtypes{DType::b8,  DType::u8,  DType::i8,  DType::i16,
                                                           DType::i32, DType::i64, DType::f16, DType::bf16,
                                                           DType::f32, DType::f64, DType::c64, DType::c128};

enum class DTypeClass : uint8_t { boolean, integer, half, real, complex };

constexpr size_t size_of(DType dtype) {
  constexpr std::array<size_t, dtype_count> sizes{1, 1, 1, 2, 4, 8, 2, 2, 4, 8, 8, 16};
  return sizes[static_cast<size_t>(dtype)];
}

constexpr std::string_view name_of(DType dtype) {
  constexpr std::array<std::string_view, dtype_count> names{"b8",  "u8",   "i8",  "i16", "i32", "i64",
                                                            "f16", "bf16", "f32", "f64", "c64", "c128"};
  return names[static_cast<size_t>(dtype)];
}

constexpr std::optional<DType> dtype_named(std::string_view name) {
  for (DType dtype : all_dtypes)
    if (name_of(dtype) == name) return dtype;
  return std::nullopt;
}

constexpr DTypeClass class_of(DType dtype) {
  switch (dtype) {
    case DType::b8:
      return DTypeClass::boolean;
    case DType::f16:
    case DType::bf16:
      return DTypeClass::half;
    case DType::f32:
    case DType::f64:
      return DTypeClass::real;
    case DType::c64:
    case DType::c128:
      return DTypeClass::complex;
    default:
      return DTypeClass::integer;
  }
}

constexpr std::string_view name_of(DTypeClass dtype_class) {
  constexpr std::array<std::string_view, 5> names{"bool", "integer", "half", "real", "complex"};
  return names[static_cast<size_t>(dtype_class)];
}

constexpr bool is_complex(DType dtype) { return class_of(dtype) == DTypeClass::complex; }
constexpr bool is_floating(DType dtype) {
  return class_of(dtype) == DTypeClass::half || class_of(dtype) == DTypeClass::real;
}
constexpr bool is_integral(DType dtype) {
  return class_of(dtype) == DTypeClass::boolean || class_of(dtype) == DTypeClass::integer;
}

// The real dtype of one component of a complex dtype; the dtype itself otherwise.
constexpr DType component_of(DType dtype) {
  if (dtype == DType::c64) return DType::f32;
  if (dtype == DType::c128) return DType::f64;
  return dtype;
}

}  // namespace engine
