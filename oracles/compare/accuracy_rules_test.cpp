#include "oracles/compare/accuracy_rules.h"

#include <gtest/gtest.h>

#include "corpora/case/schema_catalog.h"
#include "engine/core/input_error.h"

namespace oracles {
namespace {

using engine::Tier;

std::string position_of_error(std::string_view text) {
  try {
    AccuracyRules::parse(text, "t");
  } catch (const engine::InputError& error) {
    return error.where();
  }
  return "accepted";
}

TEST(AccuracyRules, FirstRuleForOperatorAndClassApplies) {
  const auto rules = AccuracyRules::parse(
      "# a comment\n\naten::exp*, aten::log : t2 ulps=3 on half, real : close\naten::exp : t4 : anything\n",
      "t");
  EXPECT_EQ(rules.find("aten::exp", engine::DTypeClass::real).ulps, 1.5);  // of each of two kernels
  EXPECT_EQ(rules.find("aten::exp", engine::DTypeClass::real).tier, Tier::t2);
  EXPECT_EQ(rules.find("aten::exp", engine::DTypeClass::complex).tier, Tier::t4);
  EXPECT_EQ(rules.find("aten::log", engine::DTypeClass::half).reason, "close");
}

TEST(AccuracyRules, UnlistedOperatorIsTier3) {
  EXPECT_EQ(AccuracyRules().find("mine::op", engine::DTypeClass::real).tier, Tier::t3);
}

TEST(AccuracyRules, ErrorNamesLineAndColumn) {
  EXPECT_EQ(position_of_error("aten::a : t0 : r"), "accepted");
  EXPECT_EQ(position_of_error("aten::a t0"), "t:1:1");
  EXPECT_EQ(position_of_error("\naten::a : t9 : r"), "t:2:11");
  EXPECT_EQ(position_of_error("aten::a : t2 ulps=x : r"), "t:1:14");
  EXPECT_EQ(position_of_error("aten::a : t2 on reel : r"), "t:1:17");
  EXPECT_NE(position_of_error("aten::a, : t2 : r"), "accepted");
  EXPECT_NE(position_of_error("aten::a : t2 : "), "accepted");
}

TEST(AccuracyRules, TermsOfASumAreRead) {
  const auto rules = AccuracyRules::parse("aten::lerp* : t3 terms=4 : may cancel\n", "t");
  EXPECT_EQ(rules.find("aten::lerp.Tensor", engine::DTypeClass::real).terms, 4);
  EXPECT_EQ(position_of_error("aten::a : t2 terms=4 : r"), "t:1:14");
  EXPECT_EQ(position_of_error("aten::a : t3 terms=x : r"), "t:1:14");
}

TEST(AccuracyRules, FormatThatResultsAreComputedInIsRead) {
  const auto rules = AccuracyRules::parse(
      "mine::f : t2 ulps=4 in f32 on real : doubles are computed in f32\nmine::g : t3 in bf16 : tiles\n",
      "t");
  const Accuracy f = rules.find("mine::f", engine::DTypeClass::real);
  EXPECT_EQ(f.computed_in, engine::DType::f32);
  EXPECT_EQ(f.ulps, 2);
  EXPECT_FALSE(rules.stated("mine::f", engine::DTypeClass::complex));
  EXPECT_EQ(rules.find("mine::g", engine::DTypeClass::complex).computed_in, engine::DType::bf16);
  EXPECT_EQ(position_of_error("mine::f : t2 in i64 : r"), "t:1:17");
  EXPECT_EQ(position_of_error("mine::f : t0 in f32 : r"), "t:1:11");
}

TEST(AccuracyRules, PatternOfAnAuthorMustMatchAnOperator) {
  const corpora::Catalog catalog = corpora::catalog_of({"mine::f(Tensor x) -> Tensor"});
  const auto position = [&](std::string_view text) {
    try {
      AccuracyRules::parse(text, "t", &catalog);
    } catch (const engine::InputError& error) {
      return error.where();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(position("mine::* : t0 : exact"), "accepted");
  EXPECT_EQ(position("mine::f : t0 : exact\nmine::f, mine::g : t0 : exact"), "t:2:10");
  EXPECT_THROW(AccuracyRules::read({"/nothing.tolerances"}, catalog), engine::InputError);
}

TEST(AccuracyRules, EmbeddedRulesHaveTheExpectedTiers) {
  const AccuracyRules& rules = AccuracyRules::torch();
  using engine::DTypeClass;
  EXPECT_EQ(rules.find("aten::max_pool1d", DTypeClass::real).tier, Tier::t0);
  EXPECT_EQ(rules.find("aten::clone", DTypeClass::real).tier, Tier::t0);
  EXPECT_EQ(rules.find("aten::mul.Tensor", DTypeClass::real).tier, Tier::t1);
  EXPECT_EQ(rules.find("aten::mul.Tensor", DTypeClass::complex).tier, Tier::t3);
  EXPECT_EQ(rules.find("aten::exp", DTypeClass::real).tier, Tier::t2);
  EXPECT_EQ(rules.find("aten::mm", DTypeClass::real).tier, Tier::t3);
  EXPECT_EQ(rules.find("aten::linalg_svd", DTypeClass::real).tier, Tier::t4);
  EXPECT_EQ(rules.find("aten::add_relu", DTypeClass::real).tier, Tier::t3);
}

}  // namespace
}  // namespace oracles
