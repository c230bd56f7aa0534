#include "corpora/case/image.h"

#include <array>

#include "corpora/case/image_bits.h"

namespace corpora {
namespace {

using engine::DType;

// The output function of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
constexpr uint64_t mixed(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// 64 random bits for each index, so that the elements do not depend on each other.
class Bits {
 public:
  explicit Bits(uint64_t seed) : key_(mixed(seed + 0x9e3779b97f4a7c15u)) {}
  uint64_t at(uint64_t index) const { return mixed(key_ + (index + 1) * 0x9e3779b97f4a7c15u); }

 private:
  uint64_t key_;
};

// A number below n from the upper half of the bits. n must be small.
constexpr int64_t below(uint64_t bits, uint64_t n) { return static_cast<int64_t>((bits >> 32) * n >> 32); }

// The sum of four uniform 16-bit numbers less its mean: bell-shaped, in [-131070, 131070], with sigma about
// 37837.
constexpr int64_t bell(uint64_t bits) {
  const uint64_t sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
  return static_cast<int64_t>(sum) - 131070;
}

constexpr bool is_wild(uint64_t bits) { return (bits & 3) == 0; }
// The index of a wild element's edge, from bits that nothing else uses.
constexpr size_t edge_index(uint64_t bits, size_t n) { return ((bits >> 2 & 0x3fffffff) * n) >> 30; }

template <class Format>
constexpr std::array<uint64_t, 12> float_edges() {
  constexpr uint64_t sign = Format::sign, largest = Format::largest;
  constexpr uint64_t normal = uint64_t{1} << Format::fraction_bits;
  constexpr uint64_t after_one = (static_cast<uint64_t>(Format::bias) << Format::fraction_bits) + 1;
  constexpr uint64_t inf = Format::overflow, nan = Format::quiet_nan;
  return {inf,    sign | inf,    nan, sign,     0,        largest, sign | largest,
          normal, sign | normal, 1,   sign | 1, after_one};
}

template <class Format>
constexpr uint64_t packed(int64_t numerator, int exponent) {
  const bool negative = numerator < 0;
  return pack<Format>(negative, static_cast<uint64_t>(negative ? -numerator : numerator), exponent).bits;
}

template <class Format>
uint64_t float_sample(FillRule rule, uint64_t bits) {
  constexpr int precision = Format::fraction_bits + 1;
  switch (rule) {
    case FillRule::integers:
      return packed<Format>(below(bits, 9) - 4, 0);
    case FillRule::normal:
      return packed<Format>(bell(bits) * 464943848, -44);  // x sqrt(3) 2^28: sigma 1
    case FillRule::positive:
      return packed<Format>(static_cast<int64_t>(bits >> (64 - precision)) + 1, 1 - precision);
    case FillRule::unit:
      return packed<Format>(static_cast<int64_t>(bits >> (64 - precision)), -precision);
    case FillRule::wild:
      if (is_wild(bits)) return float_edges<Format>()[edge_index(bits, 12)];
      [[fallthrough]];
    default:
      return packed<Format>(below(bits, 65) - 32, -3);
  }
}

int64_t integer_edge(DType dtype, uint64_t bits) {
  const size_t edge = edge_index(bits, 6);
  const uint64_t ones = ~uint64_t{0} >> (64 - 8 * engine::size_of(dtype)), half = ones >> 1;
  if (engine::is_unsigned_integer(dtype))
    return static_cast<int64_t>(std::array<uint64_t, 6>{0, 1, half, half + 1, ones - 1, ones}[edge]);
  const auto largest = static_cast<int64_t>(half);
  return std::array<int64_t, 6>{-largest - 1, -largest, -1, 1, largest - 1, largest}[edge];
}

int64_t integer_sample(DType dtype, FillRule rule, uint64_t bits) {
  if (dtype == DType::b8) return rule == FillRule::positive ? 1 : static_cast<int64_t>(bits >> 63);
  const bool is_signed = !engine::is_unsigned_integer(dtype);
  switch (rule) {
    case FillRule::normal: {
      const int64_t sample = bell(bits) * 14 / 65536;  // sigma about 8
      return is_signed || sample > 0 ? sample : -sample;
    }
    case FillRule::positive:
      return 1 + static_cast<int64_t>(bits >> 63);
    case FillRule::unit:
      return static_cast<int64_t>(bits >> 63);
    case FillRule::wild:
      if (is_wild(bits)) return integer_edge(dtype, bits);
      [[fallthrough]];
    default:
      return is_signed ? below(bits, 9) - 4 : below(bits, 5);
  }
}

// iota starts again at this number: the dtype represents all integers below it exactly.
uint64_t iota_period(DType component) {
  if (component == DType::b8) return 2;
  if (engine::is_integral(component)) {
    const size_t bits = 8 * engine::size_of(component) - (engine::is_unsigned_integer(component) ? 0 : 1);
    return uint64_t{1} << std::min<size_t>(bits, 63);
  }
  return with_format(component,
                     []<class Format>(Format) { return uint64_t{1} << (Format::fraction_bits + 1); });
}

// ones and iota, with imaginary parts of 0.
void fill_counted(const Storage& storage, std::byte* to) {
  const DType component = engine::component_of(storage.dtype);
  const size_t step = engine::size_of(storage.dtype);
  const uint64_t period = iota_period(component);
  for (uint64_t i = 0; i < static_cast<uint64_t>(storage.elements); ++i)
    write_number(component, {.significand = storage.rule == FillRule::ones ? 1 : i % period}, to + i * step);
}

void fill_random(const Storage& storage, std::byte* to) {
  const DType component = engine::component_of(storage.dtype);
  const size_t bytes = engine::size_of(component);
  const size_t count = static_cast<size_t>(storage.elements) * (engine::is_complex(storage.dtype) ? 2 : 1);
  const Bits random(storage.rng_seed);
  const auto fill = [&](auto&& sample) {
    for (size_t i = 0; i < count; ++i)
      store_bits(to + i * bytes, bytes, static_cast<uint64_t>(sample(storage.rule, random.at(i))));
  };
  if (engine::is_integral(component))
    fill([&](FillRule rule, uint64_t bits) { return integer_sample(component, rule, bits); });
  else
    with_format(component, [&]<class Format>(Format) { fill(float_sample<Format>); });
}

}  // namespace

std::vector<std::byte> bytes_of(const Storage& storage) {
  if (storage.rule == FillRule::values) return storage.bytes;
  std::vector<std::byte> bytes(static_cast<size_t>(storage.elements) * engine::size_of(storage.dtype));
  if (is_random(storage.rule))
    fill_random(storage, bytes.data());
  else if (storage.rule != FillRule::zeros)
    fill_counted(storage, bytes.data());
  return bytes;
}

Image image_of(const Case& c) {
  Image image;
  image.storages.reserve(c.storages.size());
  for (const Storage& storage : c.storages) image.storages.push_back(bytes_of(storage));
  return image;
}

}  // namespace corpora
