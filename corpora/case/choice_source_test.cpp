#include "corpora/case/choice_source.h"

#include <Random123/philox.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <limits>
#include <set>
#include <string>

namespace corpora {
namespace {

constexpr uint64_t most = ~uint64_t{0};

std::vector<uint64_t> numbers_below(ChoiceSource& choices, uint64_t n, size_t count) {
  std::vector<uint64_t> numbers;
  for (size_t i = 0; i < count; ++i) numbers.push_back(choices.below(n));
  return numbers;
}

// A choice below 2^64 - 1 is the generator's word less one.
TEST(PhiloxChoices, MatchesThePublishedTestVector) {
  PhiloxChoices choices(0, 0, 0);
  EXPECT_EQ(numbers_below(choices, most, 4), (std::vector<uint64_t>{0x16554d9eca36314b, 0xdb20fe9d672d0fdb,
                                                                    0xd7e772cee186176a, 0x7e68b68aec7ba23a}));
}

TEST(PhiloxChoices, KeyIsSeedAndStreamAndCounterIsIndexAndBlock) {
  PhiloxChoices choices(11, 22, 33);
  for (uint64_t block = 0; block < 3; ++block) {
    const auto words = r123::Philox4x64()({{33, block, 0, 0}}, {{11, 22}});
    for (uint64_t word : words) EXPECT_EQ(choices.below(most), word - 1);
  }
}

// These numbers must never change: seed, stream and index identify a case.
TEST(PhiloxChoices, ChoicesNeverChange) {
  PhiloxChoices tens(1, 2, 3);
  EXPECT_EQ(numbers_below(tens, 10, 12), (std::vector<uint64_t>{6, 5, 4, 0, 4, 7, 4, 4, 4, 6, 4, 1}));
  PhiloxChoices mixed(0xfeed, 7, 1000000);
  std::vector<uint64_t> numbers;
  for (uint64_t n : {2ULL, 1ULL, 3ULL, 100ULL, 1ULL << 40, 6ULL, 1ULL, 255ULL})
    numbers.push_back(mixed.below(n));
  EXPECT_EQ(numbers, (std::vector<uint64_t>{1, 0, 1, 34, 845375933031, 2, 0, 196}));
}

TEST(PhiloxChoices, OneAlternativeUsesNoRandomNumber) {
  PhiloxChoices with(5, 6, 7), without(5, 6, 7);
  EXPECT_EQ(with.below(1), 0U);
  EXPECT_EQ(numbers_below(with, 1000, 5), numbers_below(without, 1000, 5));
}

// Each count is within five standard deviations of its expectation.
TEST(PhiloxChoices, EveryAlternativeIsEquallyLikely) {
  for (uint64_t n : {2, 3, 7, 10}) {
    PhiloxChoices choices(1, n, 0);
    std::vector<double> counts(n);
    constexpr int draws = 60000;
    for (int i = 0; i < draws; ++i) counts.at(choices.below(n)) += 1;
    const double expected = draws / static_cast<double>(n);
    for (double count : counts) EXPECT_LT((count - expected) * (count - expected), 25 * expected) << n;
  }
}

// Without rejection, numbers below 3 * 2^62 would not be equally likely.
TEST(PhiloxChoices, NumbersInLargeRangesAreEquallyLikely) {
  PhiloxChoices choices(3, 1, 4);
  constexpr uint64_t third = uint64_t{1} << 62;
  std::array<int, 3> counts{};
  for (int i = 0; i < 30000; ++i) ++counts.at(choices.below(3 * third) / third);
  for (int count : counts) EXPECT_NEAR(count, 10000, 400);
  std::array<int, 4> remainders{};
  for (int i = 0; i < 40000; ++i) ++remainders.at(choices.below(3 * third) % 4);
  for (int count : remainders) EXPECT_NEAR(count, 10000, 450);
}

RC_GTEST_PROP(ChoiceSource, ChoicesAreBelowTheBound, (uint64_t seed, uint64_t stream)) {
  const uint64_t n = *rc::gen::suchThat(rc::gen::arbitrary<uint64_t>(), [](uint64_t x) { return x > 0; });
  const auto fuzz = *rc::gen::arbitrary<std::vector<uint8_t>>();
  PhiloxChoices philox(seed, stream, 0);
  ByteChoices bytes(std::as_bytes(std::span(fuzz)));
  EnumerationChoices enumeration;
  enumeration.next();
  for (uint64_t bound : {n, n % 7 + 1, most}) {
    RC_ASSERT(philox.below(bound) < bound);
    RC_ASSERT(bytes.below(bound) < bound);
    RC_ASSERT(enumeration.below(bound) < bound);
  }
}

TEST(ChoiceSource, BetweenIncludesBothEnds) {
  EnumerationChoices choices;
  std::set<int64_t> seen;
  while (choices.next()) seen.insert(choices.between(-2, 3));
  EXPECT_EQ(seen, (std::set<int64_t>{-2, -1, 0, 1, 2, 3}));
  PhiloxChoices philox(0, 0, 0);
  constexpr int64_t lowest = std::numeric_limits<int64_t>::min();
  for (int i = 0; i < 20; ++i) EXPECT_LE(philox.between(lowest, lowest + 1), lowest + 1);
}

TEST(ChoiceSource, ChanceHoldsForItsShareOfAlternatives) {
  EnumerationChoices choices;
  int hits = 0, all = 0;
  for (; choices.next(); ++all) hits += choices.chance(3, 8);
  EXPECT_EQ(hits, 3);
  EXPECT_EQ(all, 8);
}

TEST(ByteChoices, BoundDecidesHowManyBytesAreRead) {
  const std::array<uint8_t, 5> data{7, 0x34, 0x12, 44, 5};
  ByteChoices choices(std::as_bytes(std::span(data)));
  EXPECT_EQ(choices.below(1), 0U);
  EXPECT_EQ(choices.below(256), 7U);
  EXPECT_EQ(choices.below(65536), 0x1234U);
  EXPECT_EQ(choices.below(10), 4U);
  EXPECT_EQ(choices.below(257), 5U);  // one byte of two is left
}

TEST(ByteChoices, ChoicesAfterTheLastByteAreZero) {
  ByteChoices choices({});
  for (uint64_t n : {uint64_t{1}, uint64_t{2}, most}) EXPECT_EQ(choices.below(n), 0U);
}

TEST(EnumerationChoices, VisitsEverySequenceOnce) {
  EnumerationChoices choices;
  std::vector<std::string> seen;
  while (choices.next()) {
    std::string text;
    const uint64_t first = choices.below(3);
    text += std::to_string(first);
    for (uint64_t i = 0; i < first; ++i) text += std::to_string(choices.below(2));
    seen.push_back(text);
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"0", "10", "11", "200", "201", "210", "211"}));
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size());
}

TEST(EnumerationChoices, DrawWithoutChoicesHappensOnce) {
  EnumerationChoices choices;
  int draws = 0;
  for (; choices.next(); ++draws) EXPECT_EQ(choices.below(1), 0U);
  EXPECT_EQ(draws, 1);
}

TEST(EnumerationChoicesDeath, DifferentBoundAfterEqualChoicesIsACheckFailure) {
  EnumerationChoices choices;
  choices.next();
  choices.below(2);
  choices.next();
  EXPECT_DEATH(choices.below(3), "n must be the same");
  EXPECT_DEATH(choices.below(0), "at least one alternative");
}

}  // namespace
}  // namespace corpora
