#include "corpora/case/image.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <xxhash.h>

#include <array>
#include <cmath>
#include <cstring>
#include <set>

#include "corpora/case/number_text.h"
#include "corpora/case/text.h"

namespace corpora {
namespace {

using engine::DType;

constexpr std::array<FillRule, 9> rules{FillRule::zeros,    FillRule::ones,   FillRule::iota,
                                        FillRule::integers, FillRule::dyadic, FillRule::normal,
                                        FillRule::positive, FillRule::unit,   FillRule::wild};

std::vector<std::string> elements_of(DType dtype, FillRule rule, int64_t count, uint64_t seed = 5) {
  const Storage storage{dtype, count, rule, seed, {}};
  const std::vector<std::byte> bytes = bytes_of(storage);
  std::vector<std::string> elements;
  for (size_t at = 0; at < bytes.size(); at += engine::size_of(dtype))
    elements.push_back(element_text(dtype, bytes.data() + at));
  return elements;
}

double as_double(DType dtype, const std::byte* from) {
  const Number number = read_number(dtype, from);
  if (number.kind == Number::Kind::nan) return NAN;
  const double magnitude = number.kind == Number::Kind::infinite
                               ? INFINITY
                               : std::ldexp(static_cast<double>(number.significand), number.exponent);
  return number.negative ? -magnitude : magnitude;
}

struct GoldenRow {
  DType dtype;
  std::array<uint64_t, rules.size()> hashes;
  bool operator==(const GoldenRow&) const = default;
};

// Images must never change, on no machine and with no compiler: stored seeds depend on them.
constexpr GoldenRow golden[] = {
#include "corpora/case/image_golden.inc"
};

TEST(Image, EveryRuleAndDTypeKeepsItsBytes) {
  for (DType dtype : engine::all_dtypes) {
    GoldenRow now{dtype, {}};
    std::string text;
    for (size_t r = 0; r < rules.size(); ++r) {
      const std::vector<std::byte> bytes = bytes_of({dtype, 300, rules[r], 0x1234567890abcdefu, {}});
      now.hashes[r] = XXH3_64bits(bytes.data(), bytes.size());
      text += fmt::format("{}0x{:016x}", r == 0 ? "" : ", ", now.hashes[r]);
    }
    EXPECT_TRUE(std::ranges::find(golden, now) != std::end(golden))
        << "{DType::" << engine::name_of(dtype) << ", {" << text << "}},";
  }
}

TEST(ElementText, EveryElementReadsBackEqual) {
  for (FillRule rule : rules)
    for (DType dtype : engine::all_dtypes) {
      const std::vector<std::byte> bytes = bytes_of({dtype, 200, rule, 3, {}});
      const size_t size = engine::size_of(dtype);
      for (size_t at = 0; at < bytes.size(); at += size) {
        std::array<std::byte, 16> again{};
        std::string why;
        const std::string text = element_text(dtype, bytes.data() + at);
        ASSERT_TRUE(parse_element(dtype, text, again.data(), why)) << text << " " << why;
        ASSERT_EQ(std::memcmp(again.data(), bytes.data() + at, size), 0) << text;
      }
    }
}

TEST(ElementText, EveryElementOfASmallFormatReadsBackEqual) {
  for (DType dtype : {DType::f16, DType::bf16, DType::f8e4m3fn, DType::f8e5m2})
    for (uint32_t bits = 0; bits < 1u << (8 * engine::size_of(dtype)); ++bits) {
      std::array<std::byte, 2> element{}, again{};
      store_bits(element.data(), engine::size_of(dtype), bits);
      std::string why;
      const std::string text = element_text(dtype, element.data());
      ASSERT_TRUE(parse_element(dtype, text, again.data(), why)) << text << " " << why;
      ASSERT_EQ(again, element) << text;
    }
}

TEST(ElementText, IsTheHexFloatOfC) {
  for (double value : {1.0, -0.5, 0.1, 1e300, 1e-300, 3.0e-310, 12345.678}) {
    std::array<std::byte, 8> element{};
    std::memcpy(element.data(), &value, sizeof value);
    EXPECT_EQ(std::strtod(element_text(DType::f64, element.data()).c_str(), nullptr), value);
  }
}

TEST(ElementText, ParsingRoundsDecimalsAndRejectsInexactHex) {
  std::array<std::byte, 16> element{};
  std::string why;
  EXPECT_TRUE(parse_element(DType::f32, "0.1", element.data(), why));
  EXPECT_EQ(element_text(DType::f32, element.data()), "0x1.99999ap-4");
  EXPECT_TRUE(parse_element(DType::f16, "1e-7", element.data(), why));
  EXPECT_EQ(element_text(DType::f16, element.data()), "0x1p-23");
  for (std::string_view bad : {"0x1.001p+0", "65536", "", "0x", "0x1", "1e", "--1", "nan:0x7c00", "(1,2)"})
    EXPECT_FALSE(parse_element(DType::f16, bad, element.data(), why)) << bad;
  for (std::string_view bad : {"128", "-129", "1.0", "0x1p+0", "nan"})
    EXPECT_FALSE(parse_element(DType::i8, bad, element.data(), why)) << bad;
  EXPECT_FALSE(parse_element(DType::b8, "2", element.data(), why));
  EXPECT_FALSE(parse_element(DType::c64, "1", element.data(), why));
  EXPECT_TRUE(parse_element(DType::i64, "-9223372036854775808", element.data(), why));
  EXPECT_FALSE(parse_element(DType::i64, "9223372036854775808", element.data(), why));
}

TEST(Image, WildHalvesIncludeEdges) {
  for (DType dtype : {DType::f16, DType::bf16}) {
    const std::vector<std::string> elements = elements_of(dtype, FillRule::wild, 2000);
    const std::set<std::string> seen(elements.begin(), elements.end());
    for (std::string edge : {"inf", "-inf", "nan", "-0x0p+0"}) EXPECT_TRUE(seen.contains(edge)) << edge;
    EXPECT_TRUE(seen.contains(dtype == DType::f16 ? "0x1p-24" : "0x1p-133"));
    EXPECT_TRUE(seen.contains(dtype == DType::f16 ? "0x1.ffcp+15" : "0x1.fep+127"));
    EXPECT_TRUE(seen.contains(dtype == DType::f16 ? "0x1.004p+0" : "0x1.02p+0"));
  }
}

TEST(Image, OneInFourWildElementsIsAnEdge) {
  int edges = 0;
  for (const std::string& text : elements_of(DType::f32, FillRule::wild, 8000)) {
    std::array<std::byte, 4> element{};
    std::string why;
    ASSERT_TRUE(parse_element(DType::f32, text, element.data(), why));
    const double value = as_double(DType::f32, element.data());
    if (!(std::fabs(value) <= 4) || value * 8 != std::trunc(value * 8)) ++edges;
  }
  EXPECT_GT(edges, 8000 / 4 * 10 / 12 * 9 / 10);  // 0 and -0 look dyadic
  EXPECT_LT(edges, 8000 / 4 * 10 / 12 * 11 / 10);
}

TEST(Image, RulesKeepTheirRanges) {
  for (DType dtype : engine::all_dtypes) {
    if (engine::is_complex(dtype)) continue;
    const auto check = [&](FillRule rule, auto&& holds) {
      const std::vector<std::byte> bytes = bytes_of({dtype, 3000, rule, 9, {}});
      for (size_t at = 0; at < bytes.size(); at += engine::size_of(dtype))
        ASSERT_TRUE(holds(as_double(dtype, bytes.data() + at)))
            << engine::name_of(dtype) << " " << name_of(rule);
    };
    check(FillRule::integers, [](double x) { return std::fabs(x) <= 4 && x == std::trunc(x); });
    check(FillRule::dyadic, [](double x) { return std::fabs(x) <= 4 && x * 8 == std::trunc(x * 8); });
    check(FillRule::positive, [](double x) { return x > 0 && x <= 2; });
    check(FillRule::normal, [](double x) { return std::isfinite(x); });
    if (!engine::is_integral(dtype)) check(FillRule::unit, [](double x) { return x >= 0 && x < 1; });
  }
}

TEST(Image, NormalHasMeanZeroAndDeviationOne) {
  const std::vector<std::byte> bytes = bytes_of({DType::f64, 50000, FillRule::normal, 1, {}});
  double sum = 0, squares = 0;
  for (size_t at = 0; at < bytes.size(); at += 8) {
    const double x = as_double(DType::f64, bytes.data() + at);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 50000, 0, 0.02);
  EXPECT_NEAR(squares / 50000, 1, 0.02);
}

TEST(Image, IotaIsExactAndBooleansAreZeroOrOne) {
  EXPECT_EQ(elements_of(DType::bf16, FillRule::iota, 258)[256], "0x0p+0");
  EXPECT_EQ(elements_of(DType::i8, FillRule::iota, 130)[129], "1");
  EXPECT_EQ(elements_of(DType::c64, FillRule::iota, 4)[3], "(0x1.8p+1,0x0p+0)");
  for (FillRule rule : rules)
    for (const std::string& text : elements_of(DType::b8, rule, 100)) EXPECT_TRUE(text == "0" || text == "1");
}

TEST(Image, ElementsDoNotDependOnTheLength) {
  for (FillRule rule : rules) {
    const std::vector<std::string> all = elements_of(DType::f32, rule, 50);
    const std::vector<std::string> few = elements_of(DType::f32, rule, 7);
    EXPECT_TRUE(std::equal(few.begin(), few.end(), all.begin()));
  }
}

TEST(ImageBits, ConversionsRoundOnceAndSaturate) {
  std::array<std::byte, 8> to{};
  EXPECT_FALSE(
      write_number(DType::f16, {.significand = 65520}, to.data()));  // halfway to 2^16: even is infinity
  EXPECT_EQ(element_text(DType::f16, to.data()), "inf");
  EXPECT_FALSE(write_number(DType::f16, {.significand = 65519}, to.data()));
  EXPECT_EQ(element_text(DType::f16, to.data()), "0x1.ffcp+15");
  EXPECT_FALSE(write_number(DType::f16, {.significand = 1, .exponent = -25}, to.data()));  // tie to even: 0
  EXPECT_EQ(element_text(DType::f16, to.data()), "0x0p+0");
  EXPECT_FALSE(write_number(DType::f16, {.significand = 3, .exponent = -26}, to.data()));
  EXPECT_EQ(element_text(DType::f16, to.data()), "0x1p-24");
  EXPECT_FALSE(write_number(DType::i8, {.negative = true, .significand = 1, .exponent = 100}, to.data()));
  EXPECT_EQ(element_text(DType::i8, to.data()), "-128");
  EXPECT_FALSE(write_number(DType::i32, {.significand = 7, .exponent = -1}, to.data()));
  EXPECT_EQ(element_text(DType::i32, to.data()), "3");
}

TEST(WriteNumber, FormatWithoutInfinitiesSaturates) {
  std::array<std::byte, 1> to{};
  for (const Number& number :
       {Number{.significand = 449}, {.significand = 1, .exponent = 20}, {.kind = Number::Kind::infinite}}) {
    EXPECT_FALSE(write_number(DType::f8e4m3fn, number, to.data()));
    EXPECT_EQ(element_text(DType::f8e4m3fn, to.data()), "0x1.cp+8");
  }
  EXPECT_TRUE(write_number(DType::f8e4m3fn, {.kind = Number::Kind::nan, .negative = true}, to.data()));
  EXPECT_EQ(load_bits(to.data(), 1), 0xffu);
  EXPECT_TRUE(write_number(DType::f8e5m2, {.kind = Number::Kind::infinite}, to.data()));
  EXPECT_EQ(load_bits(to.data(), 1), 0x7cu);
}

TEST(WriteNumber, LargestUnsignedIntegersAreKept) {
  std::array<std::byte, 8> to{};
  std::string why;
  for (const char* text : {"18446744073709551615", "9223372036854775808", "9223372036854775809"}) {
    ASSERT_TRUE(parse_element(DType::u64, text, to.data(), why)) << why;
    EXPECT_EQ(element_text(DType::u64, to.data()), text);
  }
  EXPECT_FALSE(parse_element(DType::u64, "18446744073709551616", to.data(), why));
  EXPECT_FALSE(parse_element(DType::u64, "-1", to.data(), why));
  EXPECT_EQ(why, "u64 does not hold -1 exactly; the nearest it holds is 0");
}

}  // namespace
}  // namespace corpora
