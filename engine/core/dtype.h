// DType: the table of element types. To add a dtype, add a row: every list of dtypes, every name and every
// conversion of bytes uses this table. Rows of ENGINE_COMPUTED_DTYPES are also in the sets of dtypes that the
// engine's operators accept. Rows of ENGINE_STORED_DTYPES are dtypes that PyTorch has, and that the engine
// only stores: its kernels refuse them, and kernels are not compiled for them. A new class of dtypes needs
// code, and a new floating-point format needs a FormatOf in float_formats.h. Everything here is constexpr.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace engine {

// Stored elements for which C++ has no type.
struct Bool {
  uint8_t byte;  // 0 is false, every other value is true
};
struct Half {
  uint16_t bits;  // IEEE 754 binary16
};
struct BrainHalf {
  uint16_t bits;  // the upper half of an IEEE 754 binary32
};
struct Float8E4M3 {
  uint8_t bits;  // OCP 8-bit floating point, E4M3: no infinities, and one NaN of each sign
};
struct Float8E5M2 {
  uint8_t bits;  // OCP 8-bit floating point, E5M2: the upper half of an IEEE 754 binary16
};
template <class T>
struct ComplexPair {
  T re, im;
};

enum class DTypeClass : uint8_t { boolean, integer, half, real, complex, float8 };

// ROW(name, class, stored as, dtype of a component, and in PyTorch: number, name in Python, name in C++)
#define ENGINE_COMPUTED_DTYPES(ROW)                                          \
  ROW(b8, boolean, Bool, b8, 11, "bool", "Bool")                             \
  ROW(u8, integer, uint8_t, u8, 0, "uint8", "Byte")                          \
  ROW(i8, integer, int8_t, i8, 1, "int8", "Char")                            \
  ROW(i16, integer, int16_t, i16, 2, "int16", "Short")                       \
  ROW(i32, integer, int32_t, i32, 3, "int32", "Int")                         \
  ROW(i64, integer, int64_t, i64, 4, "int64", "Long")                        \
  ROW(f16, half, Half, f16, 5, "float16", "Half")                            \
  ROW(bf16, half, BrainHalf, bf16, 15, "bfloat16", "BFloat16")               \
  ROW(f32, real, float, f32, 6, "float32", "Float")                          \
  ROW(f64, real, double, f64, 7, "float64", "Double")                        \
  ROW(c64, complex, ComplexPair<float>, f32, 9, "complex64", "ComplexFloat") \
  ROW(c128, complex, ComplexPair<double>, f64, 10, "complex128", "ComplexDouble")

#define ENGINE_STORED_DTYPES(ROW)                                                   \
  ROW(c32, complex, ComplexPair<Half>, f16, 8, "complex32", "ComplexHalf")          \
  ROW(u16, integer, uint16_t, u16, 27, "uint16", "UInt16")                          \
  ROW(u32, integer, uint32_t, u32, 28, "uint32", "UInt32")                          \
  ROW(u64, integer, uint64_t, u64, 29, "uint64", "UInt64")                          \
  ROW(f8e4m3fn, float8, Float8E4M3, f8e4m3fn, 24, "float8_e4m3fn", "Float8_e4m3fn") \
  ROW(f8e5m2, float8, Float8E5M2, f8e5m2, 23, "float8_e5m2", "Float8_e5m2")

#define ENGINE_DTYPES(ROW)    \
  ENGINE_COMPUTED_DTYPES(ROW) \
  ENGINE_STORED_DTYPES(ROW)

#define ENGINE_DTYPE_NAME(name, ...) name,
enum class DType : uint8_t { ENGINE_DTYPES(ENGINE_DTYPE_NAME) };
#undef ENGINE_DTYPE_NAME

#define ENGINE_DTYPE_VALUE(name, ...) DType::name,
inline constexpr std::array all_dtypes{ENGINE_DTYPES(ENGINE_DTYPE_VALUE)};
inline constexpr std::array computed_dtypes{ENGINE_COMPUTED_DTYPES(ENGINE_DTYPE_VALUE)};
#undef ENGINE_DTYPE_VALUE

inline constexpr int dtype_count = static_cast<int>(all_dtypes.size());

struct DTypeTraits {
  std::string_view name;
  DTypeClass dtype_class;
  bool is_signed;
  uint8_t bytes;
  DType component;
  int8_t torch_number;                     // the value of c10::ScalarType
  std::string_view python_name, cpp_name;  // torch.<python_name>, at::k<cpp_name>
};

#define ENGINE_DTYPE_TRAITS(name, sort, stored, component, number, python_name, cpp_name) \
  DTypeTraits{#name,          DTypeClass::sort, !std::is_unsigned_v<stored>,              \
              sizeof(stored), DType::component, number,                                   \
              python_name,    cpp_name},
inline constexpr std::array dtype_table{ENGINE_DTYPES(ENGINE_DTYPE_TRAITS)};
#undef ENGINE_DTYPE_TRAITS

constexpr const DTypeTraits& traits_of(DType dtype) { return dtype_table[static_cast<size_t>(dtype)]; }
constexpr size_t size_of(DType dtype) { return traits_of(dtype).bytes; }
constexpr std::string_view name_of(DType dtype) { return traits_of(dtype).name; }
constexpr DTypeClass class_of(DType dtype) { return traits_of(dtype).dtype_class; }
// The real dtype of one component of a complex dtype; of any other dtype the dtype itself.
constexpr DType component_of(DType dtype) { return traits_of(dtype).component; }

constexpr std::string_view name_of(DTypeClass dtype_class) {
  constexpr std::array<std::string_view, 6> names{"bool", "integer", "half", "real", "complex", "float8"};
  return names[static_cast<size_t>(dtype_class)];
}

// Whether the engine's kernels are compiled for it.
constexpr bool is_computed(DType dtype) { return static_cast<size_t>(dtype) < computed_dtypes.size(); }
constexpr bool is_complex(DType dtype) { return class_of(dtype) == DTypeClass::complex; }
constexpr bool is_floating(DType dtype) {
  return class_of(dtype) == DTypeClass::half || class_of(dtype) == DTypeClass::real ||
         class_of(dtype) == DTypeClass::float8;
}
constexpr bool is_integral(DType dtype) {
  return class_of(dtype) == DTypeClass::boolean || class_of(dtype) == DTypeClass::integer;
}
constexpr bool is_unsigned_integer(DType dtype) {
  return class_of(dtype) == DTypeClass::integer && !traits_of(dtype).is_signed;
}

constexpr std::optional<DType> dtype_named(std::string_view name) {
  for (DType dtype : all_dtypes)
    if (name_of(dtype) == name) return dtype;
  return std::nullopt;
}

// By PyTorch's number, which schemas and `dtype` arguments use.
constexpr std::optional<DType> dtype_numbered(int64_t number) {
  for (DType dtype : all_dtypes)
    if (traits_of(dtype).torch_number == number) return dtype;
  return std::nullopt;
}

// Calls a template with the type of a stored element: with_stored(dtype, [&]<class Stored>() { ... }).
template <class Call>
constexpr decltype(auto) with_stored(DType dtype, Call&& call) {
  switch (dtype) {
#define ENGINE_DTYPE_CASE(name, sort, stored, ...) \
  case DType::name:                                \
    return call.template operator()<stored>();
    ENGINE_DTYPES(ENGINE_DTYPE_CASE)
  }
  __builtin_unreachable();
}

// The same for a dtype that is in computed_dtypes, with fewer instances.
template <class Call>
constexpr decltype(auto) with_computed(DType dtype, Call&& call) {
  switch (dtype) {
    ENGINE_COMPUTED_DTYPES(ENGINE_DTYPE_CASE)
#undef ENGINE_DTYPE_CASE
    default:
      __builtin_unreachable();
  }
}

}  // namespace engine
