#include "engine/core/float_formats.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cfenv>
#include <cmath>
#include <limits>
#include <vector>

namespace engine {
namespace {

static_assert(float_from_f16(0x3c00) == 1.0F);
static_assert(f16_from_float(65519.996F) == 0x7bff);
static_assert(f16_from_float(65520.0F) == 0x7c00);
static_assert(f16_from_float(-0.0F) == 0x8000);
static_assert(bf16_from_float(1.00390625F) == 0x3f80);  // halfway between 1 and its neighbour: to even
static_assert(f16_from_float(5.9604645e-08F) == 1);     // the smallest half
static_assert(f16_from_float(2.9802322e-08F) == 0);     // half of it: to even

// A 16-bit format, with a computation of its values that shares no code with the one under test.
struct HalfFormat {
  int fraction_bits, bias;
  uint16_t infinity;
  float (*widen)(uint16_t);
  uint16_t (*narrow)(float);
  uint16_t (*narrow_double)(double);

  bool is_nan(uint16_t bits) const { return (bits & 0x7fff) > infinity; }
  bool is_infinite(uint16_t bits) const { return (bits & 0x7fff) == infinity; }
  double value_of(uint16_t bits) const {  // of a finite number
    const int exponent = (bits & 0x7fff) >> fraction_bits;
    const int fraction = bits & ((1 << fraction_bits) - 1);
    const int significand = exponent == 0 ? fraction : fraction + (1 << fraction_bits);
    const double magnitude = std::ldexp(significand, std::max(exponent, 1) - bias - fraction_bits);
    return bits & 0x8000 ? -magnitude : magnitude;
  }
};

const HalfFormat f16{10, 15, 0x7c00, float_from_f16, f16_from_float, f16_from_double};
const HalfFormat bf16{7, 127, 0x7f80, float_from_bf16, bf16_from_float, bf16_from_double};

class FloatFormats : public testing::TestWithParam<const HalfFormat*> {};

TEST_P(FloatFormats, EveryValueWidensExactly) {
  const HalfFormat& half = *GetParam();
  for (uint32_t i = 0; i < 0x10000; ++i) {
    const auto bits = static_cast<uint16_t>(i);
    const float wide = half.widen(bits);
    EXPECT_EQ(std::signbit(wide), (bits & 0x8000) != 0) << i;
    if (half.is_nan(bits)) {
      EXPECT_TRUE(std::isnan(wide)) << i;
    } else if (half.is_infinite(bits)) {
      EXPECT_TRUE(std::isinf(wide)) << i;
    } else {
      EXPECT_EQ(static_cast<double>(wide), half.value_of(bits)) << i;
    }
  }
}

TEST_P(FloatFormats, WideningAndNarrowingKeepsAllBits) {
  const HalfFormat& half = *GetParam();
  for (uint32_t i = 0; i < 0x10000; ++i) {
    const auto bits = static_cast<uint16_t>(i);
    EXPECT_EQ(half.narrow(half.widen(bits)), bits) << i;
    if (!half.is_nan(bits)) {
      EXPECT_EQ(half.narrow_double(half.widen(bits)), bits) << i;
    }
  }
}

// The middle between two neighbours rounds to the even one, the values next to the middle to the nearer one.
TEST_P(FloatFormats, EveryMidpointRoundsToEven) {
  const HalfFormat& half = *GetParam();
  for (uint16_t bits = 0; bits + 1 < half.infinity; ++bits) {
    const auto next = static_cast<uint16_t>(bits + 1);
    const double middle = (half.value_of(bits) + half.value_of(next)) / 2;
    const uint16_t even = bits % 2 == 0 ? bits : next;
    const double below = std::nextafter(middle, 0.0), above = std::nextafter(middle, 1e300);
    EXPECT_EQ(half.narrow_double(middle), even) << bits;
    EXPECT_EQ(half.narrow_double(below), bits) << bits;
    EXPECT_EQ(half.narrow_double(above), next) << bits;
    EXPECT_EQ(half.narrow_double(-middle), even | 0x8000) << bits;
    const auto single = static_cast<float>(middle);
    if (single != middle) continue;  // a float cannot represent the middle of bfloat16's smallest gaps
    EXPECT_EQ(half.narrow(single), even) << bits;
    EXPECT_EQ(half.narrow(std::nextafterf(single, 0.0F)), bits) << bits;
    EXPECT_EQ(half.narrow(std::nextafterf(single, std::numeric_limits<float>::infinity())), next) << bits;
  }
}

TEST_P(FloatFormats, ValueAboveTheLargestBecomesInfinity) {
  const HalfFormat& half = *GetParam();
  const auto largest = static_cast<uint16_t>(half.infinity - 1);
  const auto before = static_cast<uint16_t>(half.infinity - 2);
  const double edge = half.value_of(largest) + (half.value_of(largest) - half.value_of(before)) / 2;
  EXPECT_EQ(half.narrow_double(std::nextafter(edge, 0.0)), largest);
  EXPECT_EQ(half.narrow_double(edge), half.infinity);
  EXPECT_EQ(half.narrow_double(std::numeric_limits<double>::max()), half.infinity);
  EXPECT_EQ(half.narrow_double(-std::numeric_limits<double>::infinity()), half.infinity | 0x8000);
  EXPECT_EQ(half.narrow(std::numeric_limits<float>::infinity()), half.infinity);
}

TEST_P(FloatFormats, ValueBelowHalfTheSmallestBecomesZero) {
  const HalfFormat& half = *GetParam();
  const double smallest = half.value_of(1);
  EXPECT_EQ(half.narrow_double(smallest / 2), 0);
  EXPECT_EQ(half.narrow_double(std::nextafter(smallest / 2, 1.0)), 1);
  EXPECT_EQ(half.narrow_double(-std::numeric_limits<double>::denorm_min()), 0x8000);
  EXPECT_EQ(half.narrow(0.0F), 0);
}

TEST_P(FloatFormats, NanNeverBecomesInfinity) {
  const HalfFormat& half = *GetParam();
  for (int payload_bit = 0; payload_bit < 23; ++payload_bit) {
    const uint32_t bits = 0xff800000U | 1U << payload_bit;
    const uint16_t narrow = half.narrow(std::bit_cast<float>(bits));
    EXPECT_TRUE(half.is_nan(narrow)) << payload_bit;
    EXPECT_TRUE(narrow & 0x8000) << payload_bit;
  }
}

TEST_P(FloatFormats, RoundingModeOfTheThreadDoesNotMatter) {
  const HalfFormat& half = *GetParam();
  const float third = 1.0F / 3.0F;
  const uint16_t nearest = half.narrow(third);
  for (int mode : {FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
    std::fesetround(mode);
    const uint16_t bits = half.narrow(third), negative = half.narrow(-third);
    std::fesetround(FE_TONEAREST);
    EXPECT_EQ(bits, nearest);
    EXPECT_EQ(negative, nearest | 0x8000);
  }
}

INSTANTIATE_TEST_SUITE_P(SixteenBits, FloatFormats, testing::Values(&f16, &bf16),
                         [](const auto& tested) { return tested.param == &f16 ? "f16" : "bf16"; });

TEST(FloatFormatPairs, DoubleIsRoundedOnce) {
  const double value = 1 + std::ldexp(1.0, -11) + std::ldexp(1.0, -40);  // just above a half's midpoint
  EXPECT_EQ(f16_from_double(value), 0x3c01);
  EXPECT_EQ(f16_from_float(static_cast<float>(value)), 0x3c00);
}

TEST(FloatFormatPairs, ConversionThroughDoubleKeepsAllBits) {
  for (uint32_t i = 0; i < 0x10000; ++i) {
    const auto bits = static_cast<uint16_t>(i);
    EXPECT_EQ((convert_bits<BFloat16, Binary32>(bits)), uint32_t{bits} << 16) << i;
    EXPECT_EQ((convert_bits<Binary64, Binary16>(convert_bits<Binary16, Binary64>(bits))), bits) << i;
    EXPECT_EQ((convert_bits<Binary64, BFloat16>(convert_bits<BFloat16, Binary64>(bits))), bits) << i;
  }
}

RC_GTEST_PROP(FloatFormatLaws, NarrowingToFloatEqualsTheHardware, ()) {
  const uint64_t bits = *rc::gen::arbitrary<uint64_t>();
  const uint64_t near_one = (bits & 0x807fffffffffffff) | *rc::gen::inRange<uint64_t>(0x350, 0x480) << 52;
  for (uint64_t wide : {bits, near_one}) {
    const double value = std::bit_cast<double>(wide);
    if (std::isnan(value)) continue;
    RC_ASSERT((convert_bits<Binary64, Binary32>(wide)) == std::bit_cast<uint32_t>(static_cast<float>(value)));
  }
}

RC_GTEST_PROP(FloatFormatLaws, WideningToDoubleEqualsTheHardware, ()) {
  const uint32_t bits = *rc::gen::arbitrary<uint32_t>();
  const float value = std::bit_cast<float>(bits);
  if (std::isnan(value)) return;
  RC_ASSERT((convert_bits<Binary32, Binary64>(bits)) == std::bit_cast<uint64_t>(static_cast<double>(value)));
}

}  // namespace
}  // namespace engine
