#include "engine/backends/cpu/blocks.h"

#include <cstring>

#include "engine/core/float_formats.h"

namespace engine::cpu {

namespace {

using math::Complex;
using ops::ComputeType;

// How an element of each dtype stands in memory, and what it is when it is computed with.
struct Half {
  uint16_t bits;
};
struct BrainHalf {
  uint16_t bits;
};
struct Bool {
  uint8_t byte;
};

template <class T, class Stored>
T loaded(Stored x) {
  if constexpr (std::is_same_v<Stored, Half>)
    return math::cast<T>(float_from_f16(x.bits));
  else if constexpr (std::is_same_v<Stored, BrainHalf>)
    return math::cast<T>(float_from_bf16(x.bits));
  else if constexpr (std::is_same_v<Stored, Bool>)
    return math::cast<T>(int64_t{x.byte != 0});
  else
    return math::cast<T>(x);
}

template <class Stored, class T>
Stored stored(T x) {
  if constexpr (std::is_same_v<Stored, Half> || std::is_same_v<Stored, BrainHalf>) {
    if constexpr (math::is_complex<T>) {
      return stored<Stored>(x.re);
    } else if constexpr (std::is_same_v<T, double>) {
      return {std::is_same_v<Stored, Half> ? f16_from_double(x) : bf16_from_double(x)};
    } else {
      const auto single = static_cast<float>(x);
      return {std::is_same_v<Stored, Half> ? f16_from_float(single) : bf16_from_float(single)};
    }
  } else if constexpr (std::is_same_v<Stored, Bool>) {
    return {static_cast<uint8_t>(math::cast<bool>(x))};
  } else if constexpr (std::is_integral_v<Stored>) {
    return static_cast<Stored>(math::cast<int64_t>(x));
  } else {
    return math::cast<Stored>(x);
  }
}

template <class Call>
void with_stored(DType dtype, Call&& call) {
  switch (dtype) {
    case DType::b8:
      return call.template operator()<Bool>();
    case DType::u8:
      return call.template operator()<uint8_t>();
    case DType::i8:
      return call.template operator()<int8_t>();
    case DType::i16:
      return call.template operator()<int16_t>();
    case DType::i32:
      return call.template operator()<int32_t>();
    case DType::i64:
      return call.template operator()<int64_t>();
    case DType::f16:
      return call.template operator()<Half>();
    case DType::bf16:
      return call.template operator()<BrainHalf>();
    case DType::f32:
      return call.template operator()<float>();
    case DType::f64:
      return call.template operator()<double>();
    case DType::c64:
      return call.template operator()<Complex<float>>();
    case DType::c128:
      return call.template operator()<Complex<double>>();
  }
}

template <class T>
void load(T* to, DType dtype, const std::byte* from, int64_t stride, int64_t count) {
  with_stored(dtype, [&]<class Stored>() {
    const auto* source = reinterpret_cast<const Stored*>(from);
    for (int64_t i = 0; i < count; ++i) to[i] = loaded<T>(source[i * stride]);
  });
}

template <class T>
void store(DType dtype, std::byte* to, int64_t stride, const T* from, int64_t count) {
  with_stored(dtype, [&]<class Stored>() {
    auto* target = reinterpret_cast<Stored*>(to);
    for (int64_t i = 0; i < count; ++i) target[i * stride] = stored<Stored>(from[i]);
  });
}

}  // namespace

void load_block(ComputeType to_type, std::byte* to, DType dtype, const std::byte* from, int64_t stride,
                int64_t count) {
  ops::with_compute_type(to_type,
                         [&]<class T>() { load(reinterpret_cast<T*>(to), dtype, from, stride, count); });
}

void store_block(DType dtype, std::byte* to, int64_t stride, ComputeType from_type, const std::byte* from,
                 int64_t count) {
  if (from_type == ComputeType::boolean)
    return store(dtype, to, stride, reinterpret_cast<const bool*>(from), count);
  ops::with_compute_type(
      from_type, [&]<class T>() { store(dtype, to, stride, reinterpret_cast<const T*>(from), count); });
}

void round_block(ComputeType type, std::byte* values, DType dtype, int64_t count) {
  if (ops::dtype_of(type) == dtype) return;
  with_stored(dtype, [&]<class Stored>() {
    if (type == ComputeType::integer) {
      auto* numbers = reinterpret_cast<int64_t*>(values);
      for (int64_t i = 0; i < count; ++i) numbers[i] = loaded<int64_t>(stored<Stored>(numbers[i]));
    } else if (type == ComputeType::f32) {
      auto* numbers = reinterpret_cast<float*>(values);
      for (int64_t i = 0; i < count; ++i) numbers[i] = loaded<float>(stored<Stored>(numbers[i]));
    }
  });
}

}  // namespace engine::cpu
