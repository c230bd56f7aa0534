#include "oracles/compare/element.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include "engine/core/check.h"
#include "engine/core/float_formats.h"

namespace oracles {

using engine::DType;

namespace {

template <class T>
T load(const std::byte* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class T>
void store(T value, std::byte* to) {
  std::memcpy(to, &value, sizeof value);
}

struct Format {
  int precision;     // bits of the significand, the hidden one included
  int exponent_min;  // of the smallest normal number, 2^exponent_min
  double largest;
};

Format format_of(DType dtype) {
  switch (engine::component_of(dtype)) {
    case DType::f16:
      return {11, -14, 65504.0};
    case DType::bf16:
      return {8, -126, 0x1.FEp127};
    case DType::f32:
      return {24, -126, static_cast<double>(std::numeric_limits<float>::max())};
    default:
      return {53, -1022, std::numeric_limits<double>::max()};
  }
}

template <class T>
void store_integer(double x, std::byte* to) {
  constexpr double low = static_cast<double>(std::numeric_limits<T>::min());
  constexpr double high = static_cast<double>(std::numeric_limits<T>::max());
  if (std::isnan(x)) return store<T>(0, to);
  if (x <= low) return store(std::numeric_limits<T>::min(), to);
  if (x >= high) return store(std::numeric_limits<T>::max(), to);
  store(static_cast<T>(x), to);
}

}  // namespace

double component_at(DType dtype, const std::byte* element, int component) {
  switch (dtype) {
    case DType::b8:
      return load<uint8_t>(element) != 0;
    case DType::u8:
      return load<uint8_t>(element);
    case DType::i8:
      return load<int8_t>(element);
    case DType::i16:
      return load<int16_t>(element);
    case DType::i32:
      return load<int32_t>(element);
    case DType::i64:
      return static_cast<double>(load<int64_t>(element));
    case DType::f16:
      return engine::float_from_f16(load<uint16_t>(element));
    case DType::bf16:
      return engine::float_from_bf16(load<uint16_t>(element));
    case DType::f32:
      return load<float>(element);
    case DType::f64:
      return load<double>(element);
    case DType::c64:
      return load<float>(element + component * 4);
    case DType::c128:
      return load<double>(element + component * 8);
  }
  CHECK(false, "no such dtype");
}

double ulp_at(DType dtype, double x) {
  if (engine::is_integral(dtype)) return 1;
  if (!std::isfinite(x)) return std::fabs(x);
  const Format format = format_of(dtype);
  const int exponent = x == 0 ? format.exponent_min : std::max(std::ilogb(x), format.exponent_min);
  return std::ldexp(1.0, exponent - format.precision + 1);
}

int precision_of(DType dtype) { return engine::is_integral(dtype) ? 0 : format_of(dtype).precision; }

double unit_roundoff(DType dtype) {
  return engine::is_integral(dtype) ? 0 : std::ldexp(1.0, -format_of(dtype).precision);
}

double largest_of(DType dtype) {
  switch (dtype) {
    case DType::b8:
      return 1;
    case DType::u8:
      return 255;
    case DType::i8:
      return 127;
    case DType::i16:
      return 32767;
    case DType::i32:
      return 2147483647;
    case DType::i64:
      return 0x1p63;
    default:
      return format_of(dtype).largest;
  }
}

void store_component(DType dtype, double x, std::byte* component) {
  switch (engine::component_of(dtype)) {
    case DType::b8:
      return store<uint8_t>(x != 0, component);
    case DType::u8:
      return store_integer<uint8_t>(x, component);
    case DType::i8:
      return store_integer<int8_t>(x, component);
    case DType::i16:
      return store_integer<int16_t>(x, component);
    case DType::i32:
      return store_integer<int32_t>(x, component);
    case DType::i64:
      return store_integer<int64_t>(x, component);
    case DType::f16:
      return store(engine::f16_from_double(x), component);
    case DType::bf16:
      return store(engine::bf16_from_double(x), component);
    case DType::f32:
      return store(static_cast<float>(x), component);
    default:
      return store(x, component);
  }
}

}  // namespace oracles
