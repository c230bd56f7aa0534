#include "fuzz/campaign/prefix.h"

#include <gtest/gtest.h>

#include "corpora/case/joined.h"
#include "oracles/isolation/misbehaving_subject.h"

namespace fuzz {
namespace {

TEST(Joined, ShiftsEveryReference) {
  corpora::Case first = oracles::MisbehavingSubject::case_of("test::a", 1, 5);
  corpora::Case last = oracles::MisbehavingSubject::case_of("test::b", 2, 6);
  last.calls.push_back({"test::c", {}, {corpora::Value::of_list({corpora::Value::of_result(0, 1)})}});
  last.header.path = corpora::parse_path("neg(0)+typed");
  last.header.oracle = "neg";
  const corpora::Case all = corpora::joined({first, last});
  EXPECT_EQ(corpora::fault_of(all), "");
  ASSERT_EQ(all.calls.size(), 3U);
  EXPECT_EQ(all.calls[0], first.calls[0]);
  EXPECT_EQ(all.calls[1].arguments[0].tensor.index, 1);
  EXPECT_EQ(all.inputs[1].storage, 1);
  EXPECT_EQ(all.storages[1], last.storages[0]);
  EXPECT_EQ(all.calls[2].arguments[0].list[0].tensor.call, 1);
  EXPECT_EQ(all.calls[2].arguments[0].list[0].tensor.index, 1);
  EXPECT_EQ(corpora::to_string(all.header.path), "neg(1)+typed");
  EXPECT_EQ(all.header.oracle, "neg");
}

TEST(Joined, SingleProgramIsUnchanged) {
  const corpora::Case c = oracles::MisbehavingSubject::case_of("test::a", 1, 5);
  EXPECT_EQ(corpora::joined({c}), c);
}

}  // namespace
}  // namespace fuzz
