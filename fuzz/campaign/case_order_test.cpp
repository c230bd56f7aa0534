#include "fuzz/campaign/case_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "oracles/isolation/misbehaving_subject.h"

namespace fuzz {
namespace {

const oracles::MisbehavingSubject kSubject{{"test::a", "test::b", "test::c", "test::d", "test::e"}};

TEST(CaseOrder, EachRoundVisitsEachOperatorOnce) {
  CaseOrder order(kSubject.catalog(), {0, 1, 2, 3, 4}, 3);
  std::set<std::string> orders;
  for (uint64_t round = 0; round < 20; ++round) {
    std::set<std::string> visited;
    std::string names;
    for (uint64_t i = 0; i < 5; ++i) {
      const CasePlace place = order.place(5 * round + i);
      EXPECT_EQ(place.visit, round);
      visited.insert(place.op->name);
      names += place.op->name;
    }
    EXPECT_EQ(visited.size(), 5U);
    orders.insert(names);
  }
  EXPECT_GT(orders.size(), 10U) << "rounds have different orders";
}

TEST(CaseOrder, ChunkRunsTheCasesOfAnOperatorTogether) {
  CaseOrder order(kSubject.catalog(), {0, 1, 2, 3, 4}, 3);
  std::set<std::vector<std::string>> orders;
  for (uint64_t chunk = 0; chunk < 9; ++chunk) {
    std::vector<uint64_t> turns = order.turns(chunk, 0);
    std::vector<std::string> met;
    for (const uint64_t index : turns)
      if (const std::string& op = order.place(index).op->name; met.empty() || met.back() != op)
        met.push_back(op);
    EXPECT_EQ(met.size(), 5U);
    orders.insert(met);
    std::sort(turns.begin(), turns.end());
    EXPECT_EQ(turns.size(), kChunkCases);
    EXPECT_EQ(turns.front(), chunk * kChunkCases);
    EXPECT_EQ(turns.back(), (chunk + 1) * kChunkCases - 1);
    EXPECT_EQ(std::adjacent_find(turns.begin(), turns.end()), turns.end());
  }
  EXPECT_GT(orders.size(), 4U) << "chunks have different orders";
}

TEST(CaseOrder, EndDoesNotChangeTheOrderOfOtherCases) {
  CaseOrder order(kSubject.catalog(), {0, 1, 2, 3, 4}, 3);
  std::vector<uint64_t> all = order.turns(1, 0);
  std::erase_if(all, [](uint64_t index) { return index >= kChunkCases + 77; });
  EXPECT_EQ(order.turns(1, kChunkCases + 77), all);
  EXPECT_EQ(all.size(), 77U);
}

TEST(CaseOrder, CasesOfAnOperatorDoNotDependOnOtherOperators) {
  CaseOrder all(kSubject.catalog(), {0, 1, 2, 3, 4}, 3), one(kSubject.catalog(), {2}, 3);
  for (uint64_t i = 0; i < 50; ++i) {
    const CasePlace place = all.place(i);
    if (place.op->name != "test::c") continue;
    auto there = all.choices(place), here = one.choices(one.place(place.visit));
    for (int n = 0; n < 5; ++n) EXPECT_EQ(there.below(1'000'000), here.below(1'000'000));
  }
}

TEST(CaseOrder, OperatorThatIsListedTwiceHasDifferentCasesEachTime) {
  CaseOrder order(kSubject.catalog(), {0, 1, 1}, 3);
  std::set<uint64_t> visits;
  for (uint64_t i = 0; i < 30; ++i)
    if (const CasePlace place = order.place(i); place.op->name == "test::b") visits.insert(place.visit);
  EXPECT_EQ(visits.size(), 20U);
  EXPECT_EQ(*visits.rbegin(), 19U);
}

TEST(CaseOrder, SamplesComeFirstAndChangeNoOtherCase) {
  const auto& operators = kSubject.catalog().operators();
  std::vector<const corpora::Operator*> samples(kChunkCases + 3, &operators[4]);
  samples[1] = &operators[0];
  CaseOrder with(kSubject.catalog(), {0, 1, 2}, 3, samples), without(kSubject.catalog(), {0, 1, 2}, 3);
  EXPECT_EQ(with.place(1).op, &operators[0]);
  for (const uint64_t i : {uint64_t{0}, uint64_t{1}, uint64_t{kChunkCases}, uint64_t{kChunkCases + 2}}) {
    EXPECT_TRUE(with.place(i).is_sample);
    EXPECT_EQ(with.place(i).visit, i);
  }
  for (uint64_t i = 0; i < 2 * kChunkCases; i += 7) {
    const CasePlace place = with.place(samples.size() + i), other = without.place(i);
    EXPECT_FALSE(place.is_sample);
    EXPECT_EQ(place.op, other.op);
    EXPECT_EQ(place.visit, other.visit);
  }
  std::vector<uint64_t> turns = with.turns(1, 0);
  std::sort(turns.begin(), turns.end());
  EXPECT_EQ(turns.size(), kChunkCases);
  EXPECT_EQ(turns.front(), kChunkCases);
  EXPECT_EQ(turns.back(), 2 * kChunkCases - 1);
}

TEST(CaseOrder, EveryOracleJudgesTheSamples) {
  const oracles::Oracle oracle{.name = "costly", .promise = "", .check = nullptr, .share = 8, .planted = {}};
  for (uint64_t i = 0; i < 16; ++i) EXPECT_TRUE(judges(oracle, i, false, 16));
  EXPECT_FALSE(judges(oracle, 3, true, 16));
  int judged = 0;
  for (uint64_t i = 16; i < 816; ++i) judged += judges(oracle, i, false, 16);
  EXPECT_EQ(judged, 100);
}

TEST(CaseOrder, OracleWithAShareJudgesThatShareOfCases) {
  oracles::Oracle oracle{.name = "costly", .promise = "", .check = nullptr, .share = 8, .planted = {}};
  int judged = 0;
  for (uint64_t i = 0; i < 800; ++i) judged += judges(oracle, i);
  EXPECT_EQ(judged, 100);
  oracle.share = 1;
  EXPECT_TRUE(judges(oracle, 1));
}

}  // namespace
}  // namespace fuzz
