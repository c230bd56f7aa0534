#include "oracles/compare/element.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

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

template <class Stored>
inline constexpr bool is_component =
    std::is_integral_v<Stored> || std::is_same_v<Stored, engine::Bool> || engine::HasFormat<Stored>;

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
  return engine::with_stored(engine::component_of(dtype), [&]<class Stored>() -> double {
    if constexpr (is_component<Stored>)
      return engine::double_from(load<Stored>(element + static_cast<size_t>(component) * sizeof(Stored)));
    else
      CHECK(false, "a component is not complex");
  });
}

double ulp_at(DType dtype, double x) {
  if (engine::is_integral(dtype)) return 1;
  if (!std::isfinite(x)) return std::fabs(x);
  const int smallest = engine::with_format(dtype, []<class Format>(Format) { return 1 - Format::bias; });
  const int exponent = x == 0 ? smallest : std::max(std::ilogb(x), smallest);
  return std::ldexp(1.0, exponent - precision_of(dtype) + 1);
}

int precision_of(DType dtype) {
  if (engine::is_integral(dtype)) return 0;
  return engine::with_format(dtype, []<class Format>(Format) { return Format::fraction_bits + 1; });
}

double unit_roundoff(DType dtype) {
  return engine::is_integral(dtype) ? 0 : std::ldexp(1.0, -precision_of(dtype));
}

double largest_of(DType dtype) {
  return engine::with_stored(engine::component_of(dtype), []<class Stored>() -> double {
    if constexpr (std::is_same_v<Stored, engine::Bool>)
      return 1;
    else if constexpr (std::is_integral_v<Stored>)
      return static_cast<double>(std::numeric_limits<Stored>::max());
    else if constexpr (engine::HasFormat<Stored>)
      return engine::largest_of<engine::FormatOf<Stored>>();
    else
      CHECK(false, "a component is not complex");
  });
}

bool has_infinity(DType dtype) {
  return engine::with_format(dtype, []<class Format>(Format) { return Format::has_infinity; });
}

void store_component(DType dtype, double x, std::byte* component) {
  engine::with_stored(engine::component_of(dtype), [&]<class Stored>() {
    if constexpr (std::is_same_v<Stored, engine::Bool>)
      store<uint8_t>(x != 0, component);
    else if constexpr (std::is_integral_v<Stored>)
      store_integer<Stored>(x, component);
    else if constexpr (engine::HasFormat<Stored>)
      store(engine::stored_from<Stored>(x), component);
  });
}

}  // namespace oracles
