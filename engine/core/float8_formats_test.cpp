// The 8-bit formats, exhaustively, against the tables of their specification (OCP 8-bit floating point, 1.0).
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/core/float_formats.h"

namespace engine {
namespace {

// What the specification says about a format, without the code under test.
struct Specified {
  int fraction_bits, bias;
  uint8_t largest;
  bool has_infinity;
  double (*widen)(uint8_t);
  float (*widen_to_float)(uint8_t);
  uint8_t (*narrow)(double);
  uint8_t (*narrow_float)(float);

  bool is_infinite(uint8_t bits) const { return has_infinity && (bits & 0x7f) == largest + 1; }
  bool is_nan(uint8_t bits) const { return (bits & 0x7f) > largest && !is_infinite(bits); }
  // Also of the magnitude after the largest, as if it were a number.
  double value_of(int magnitude) const {
    const int exponent = magnitude >> fraction_bits, fraction = magnitude & ((1 << fraction_bits) - 1);
    const int significand = exponent == 0 ? fraction : fraction + (1 << fraction_bits);
    return std::ldexp(significand, std::max(exponent, 1) - bias - fraction_bits);
  }
  uint8_t too_large() const { return has_infinity ? static_cast<uint8_t>(largest + 1) : largest; }
  // The nearest number, found by looking at all of them.
  uint8_t nearest(double x) const {
    int best = 0;
    for (int magnitude = 1; magnitude <= largest + 1; ++magnitude) {
      const double before = std::fabs(x - value_of(best)), now = std::fabs(x - value_of(magnitude));
      if (now < before || (now == before && magnitude % 2 == 0)) best = magnitude;
    }
    return best > largest ? too_large() : static_cast<uint8_t>(best);
  }
};

template <class Stored>
Specified specified(int fraction_bits, int bias, uint8_t largest, bool has_infinity) {
  using Format = FormatOf<Stored>;
  return {
      fraction_bits,
      bias,
      largest,
      has_infinity,
      [](uint8_t bits) { return double_from(Stored{bits}); },
      [](uint8_t bits) { return std::bit_cast<float>(convert_bits<Format, Binary32>(bits)); },
      [](double x) { return stored_from<Stored>(x).bits; },
      [](float x) { return convert_bits<Binary32, Format>(std::bit_cast<uint32_t>(x)); },
  };
}

const Specified e4m3 = specified<Float8E4M3>(3, 7, 0x7e, false);
const Specified e5m2 = specified<Float8E5M2>(2, 15, 0x7b, true);

static_assert(largest_of<E4M3>() == 448 && largest_of<E5M2>() == 57344);

class Float8Formats : public testing::TestWithParam<const Specified*> {};

TEST_P(Float8Formats, EveryValueWidensExactlyAndNarrowsToItsBits) {
  const Specified& f8 = *GetParam();
  int nans = 0;
  for (int i = 0; i < 256; ++i) {
    const auto bits = static_cast<uint8_t>(i);
    const double wide = f8.widen(bits);
    EXPECT_EQ(std::signbit(wide), bits >= 0x80) << i;
    EXPECT_EQ(f8.narrow(wide), bits) << i;
    EXPECT_EQ(f8.narrow_float(f8.widen_to_float(bits)), bits) << i;
    nans += f8.is_nan(bits);
    if (f8.is_nan(bits)) {
      EXPECT_TRUE(std::isnan(wide) && std::isnan(f8.widen_to_float(bits))) << i;
      continue;
    }
    const double magnitude =
        f8.is_infinite(bits) ? std::numeric_limits<double>::infinity() : f8.value_of(bits & 0x7f);
    EXPECT_EQ(wide, bits >= 0x80 ? -magnitude : magnitude) << i;
    EXPECT_EQ(f8.widen_to_float(bits), wide) << i;
  }
  EXPECT_EQ(nans, f8.has_infinity ? 6 : 2);
}

// Of all halves and of the numbers in the middle of two neighbours and next to it.
TEST_P(Float8Formats, EveryHalfAndEveryMidpointNarrowsToTheNearest) {
  const Specified& f8 = *GetParam();
  std::vector<double> numbers;
  for (uint32_t bits = 0; bits < 0x7c00; ++bits)
    numbers.push_back(double_from(Half{static_cast<uint16_t>(bits)}));
  for (int magnitude = 0; magnitude <= f8.largest; ++magnitude) {
    const double middle = (f8.value_of(magnitude) + f8.value_of(magnitude + 1)) / 2;
    for (double x : {std::nextafter(middle, 0.0), middle, std::nextafter(middle, 1e300)})
      numbers.push_back(x);
  }
  for (double x : numbers) {
    ASSERT_EQ(f8.narrow(x), f8.nearest(x)) << x;
    ASSERT_EQ(f8.narrow(-x), f8.nearest(x) | 0x80) << x;
    const auto single = static_cast<float>(x);
    if (single == x) {
      ASSERT_EQ(f8.narrow_float(single), f8.nearest(x)) << x;
    }
  }
}

TEST_P(Float8Formats, NumberTooLargeIsInfiniteOrSaturates) {
  const Specified& f8 = *GetParam();
  for (double x : {1e5, 1e300, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(f8.narrow(x), f8.too_large()) << x;
    EXPECT_EQ(f8.narrow(-x), f8.too_large() | 0x80) << x;
    EXPECT_EQ(f8.narrow_float(static_cast<float>(x)), f8.too_large()) << x;
  }
  EXPECT_TRUE(f8.is_nan(f8.narrow(std::nan(""))));
  EXPECT_TRUE(f8.is_nan(f8.narrow(-std::nan("1"))));
}

INSTANTIATE_TEST_SUITE_P(E4M3, Float8Formats, testing::Values(&e4m3));
INSTANTIATE_TEST_SUITE_P(E5M2, Float8Formats, testing::Values(&e5m2));

}  // namespace
}  // namespace engine
