#include "reports/plainness.h"

#include <gtest/gtest.h>

#include "oracles/oracle.h"

namespace reports {
namespace {

using oracles::Kind;

Finding judgement_of(const std::string& oracle, Kind kind, std::vector<std::string> features = {}) {
  Finding f;
  f.signature = {"torch", oracle, "test::op", kind};
  f.features = std::move(features);
  f.verdict.divergence.kind = kind;
  return f;
}

Finding direct_crash(std::vector<std::string> features = {}) {
  Finding f = judgement_of("state", Kind::crash, std::move(features));
  f.verdict.divergence.right.end = oracles::End::crashed;
  return f;
}

TEST(Plainness, EveryOracleHasARow) {
  for (const oracles::Oracle& oracle : oracles::all_oracles())
    EXPECT_TRUE(has_plainness(oracle.name)) << oracle.name << " needs a row in reports/plainness.cpp";
}

TEST(Plainness, DirectCrashAndWrongDirectCallComeBeforeFallbacks) {
  EXPECT_TRUE(is_plainer(direct_crash(), judgement_of("schema", Kind::mutation)));
  EXPECT_TRUE(is_plainer(judgement_of("schema", Kind::mutation),
                         judgement_of("layout", Kind::value, {"layout:strided"})));
  EXPECT_TRUE(
      is_plainer(judgement_of("layout", Kind::value, {"layout:strided"}), judgement_of("neg", Kind::value)));
  EXPECT_TRUE(is_plainer(judgement_of("meta", Kind::sizes), judgement_of("zero", Kind::sizes)));
}

TEST(Plainness, LayoutComesFirstIfALayoutIsNeeded) {
  const Finding layout = judgement_of("layout", Kind::value, {"layout:strided"});
  const std::vector<std::string> needs{"layout:expanded", "uninitialised"};
  EXPECT_TRUE(is_plainer(layout, judgement_of("determinism", Kind::nondeterminism, needs)));
  EXPECT_TRUE(is_plainer(judgement_of("determinism", Kind::nondeterminism, {"uninitialised"}), layout));
  EXPECT_TRUE(is_plainer(layout, direct_crash({"layout:strided", "signal:SIGSEGV"})));
}

TEST(Plainness, FewerNeedsArePlainer) {
  EXPECT_TRUE(is_plainer(judgement_of("layout", Kind::value, {"layout:strided"}),
                         judgement_of("layout", Kind::value, {"layout:strided", "values:nan"})));
}

TEST(Plainness, UnexplainedFindingReplacesAKnownPrimary) {
  Finding primary = judgement_of("schema", Kind::mutation);
  primary.known = "entry";
  primary.also = {judgement_of("layout", Kind::value), judgement_of("neg", Kind::value)};
  primary.also[0].known = "entry";
  put_primary_first(primary);
  EXPECT_EQ(primary.signature.oracle, "neg");
  ASSERT_EQ(primary.also.size(), 2U);
  EXPECT_EQ(primary.also[0].signature.oracle, "schema");
  primary.known = "entry";
  put_primary_first(primary);
  EXPECT_EQ(primary.signature.oracle, "neg") << "if all are known, the primary stays";
}

}  // namespace
}  // namespace reports
