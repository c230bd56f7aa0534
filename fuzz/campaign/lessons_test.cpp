#include "fuzz/campaign/lessons.h"

#include <gtest/gtest.h>

#include "corpora/case/schema_catalog.h"
#include "fuzz/campaign/case_order.h"

namespace fuzz {
namespace {

using corpora::Case;
using corpora::Input;

constexpr const char* op_name = "mine::pool";

const corpora::Catalog& catalog() {
  static const corpora::Catalog built =
      corpora::catalog_of({"mine::pool(Tensor input, Tensor boxes, int n) -> Tensor"});
  return built;
}

const corpora::Supply& supply() {
  static const corpora::Supply made{catalog(), corpora::Domains::torch(), {0}, {}};
  return made;
}

// What an operator on boxes demands, check by check: 0 if it accepts the call, else the number of the check.
uint64_t refused_by(const Case& c) {
  const corpora::Call& call = c.calls.back();
  for (int i : {0, 1})
    if (call.arguments[static_cast<size_t>(i)].kind != corpora::ValueKind::tensor ||
        !call.arguments[static_cast<size_t>(i)].tensor.is_input())
      return 1;
  const Input &input = c.input_of(call.arguments[0].tensor), &boxes = c.input_of(call.arguments[1].tensor);
  if (input.sizes.size() != 4) return 2;
  if (boxes.sizes.size() != 2 || boxes.sizes[1] != 5) return 3;
  if (c.storage_of(input).dtype != c.storage_of(boxes).dtype) return 4;
  if (c.storage_of(input).dtype != engine::DType::f32) return 5;
  return call.arguments[2].integer == input.sizes[1] ? 0 : 6;
}

// The share of accepted cases among `each` cases of a chunk, after so many chunks.
double share_after(uint64_t chunks, bool learns, uint64_t seed) {
  Lessons lessons;
  constexpr uint64_t each = 150;
  const auto case_of = [&](uint64_t index) {
    corpora::PhiloxChoices choices(seed, 1, index);
    const corpora::Attempts attempts = learns ? lessons.of(op_name, index / each) : corpora::Attempts{};
    if (!attempts.empty() && choices.chance(3, 4)) return corpora::approach(attempts, supply(), choices);
    return corpora::draw(supply(), choices);
  };
  uint64_t accepted = 0;
  for (uint64_t chunk = 0; chunk < chunks; ++chunk) {
    std::vector<Lessons::End> ends;
    accepted = 0;
    for (uint64_t index = chunk * each; index < (chunk + 1) * each; ++index) {
      const uint64_t check = refused_by(case_of(index));
      accepted += check == 0;
      ends.push_back({index, op_name, check == 0, check});
    }
    lessons.learn(chunk, ends, case_of);
  }
  return static_cast<double>(accepted) / each;
}

TEST(Lessons, DemandsThatNoGuessMeetsAreMetStepByStep) {
  EXPECT_EQ(share_after(60, false, 3), 0);
  int met = 0;
  for (uint64_t seed = 0; seed < 8; ++seed) met += share_after(60, true, seed) > 0.05;
  EXPECT_GE(met, 4);
}

TEST(Lessons, AnOperatorThatAcceptsGuessesNeedsNone) {
  Lessons lessons;
  std::vector<Lessons::End> ends;
  for (uint64_t i = 0; i < 100; ++i) ends.push_back({i, op_name, i % 3 == 0, i % 3});
  lessons.learn(0, ends, [](uint64_t) { return Case{}; });
  EXPECT_TRUE(lessons.of(op_name, 100).empty());
  for (Lessons::End& end : ends) end.accepted = false;
  lessons.learn(1, ends, [](uint64_t) { return Case{}; });
  EXPECT_FALSE(lessons.of(op_name, 100).empty());
}

// A result must not depend on how many chunks happen to be done when another begins.
TEST(Lessons, ACaseLearnsFromTheSameChunksForAnyNumberOfJobs) {
  Lessons lessons;
  for (uint64_t chunk = 0; chunk < 40; ++chunk) {
    std::vector<Lessons::End> ends;
    for (uint64_t i = 0; i < 10; ++i) ends.push_back({10 * chunk + i, op_name, false, chunk});
    lessons.learn(chunk, ends, [](uint64_t) { return Case{}; });
  }
  EXPECT_TRUE(lessons.of(op_name, 1).empty());
  EXPECT_EQ(lessons.of(op_name, 2).refused.size(), 1U);
  EXPECT_EQ(lessons.of(op_name, 9).refused.size(), 4U);
  EXPECT_EQ(lessons.of(op_name, 40).refused.size(), 24U);
}

TEST(Lessons, ErrorsThatDifferInNumbersAreOne) {
  EXPECT_EQ(Lessons::error_of("expected 5 columns, not 3"), Lessons::error_of("expected 5 columns, not 12"));
  EXPECT_NE(Lessons::error_of("expected a matrix"), Lessons::error_of("expected a vector"));
}

}  // namespace
}  // namespace fuzz
