#include "corpora/domains/domains.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "corpora/case/schema_catalog.h"
#include "engine/core/input_error.h"

namespace corpora {
namespace {

std::string position_of_error(const std::string& text) {
  try {
    Domains::parse(text, "x");
  } catch (const engine::InputError& error) {
    return error.where();
  }
  return "accepted";
}

TEST(Domains, LinesAlternativesAndContinuationsAreRead) {
  const Domains domains = Domains::parse(
      "# a comment\n"
      "aten::a*, aten::b : x, y = tensor(N, [M]) ; k = 1..N || x = none\n"
      "  ; let N = 2..4\n"
      "* : dim = dim\n",
      "x");
  ASSERT_EQ(domains.lines().size(), 2U);
  const DomainLine& line = domains.lines()[0];
  EXPECT_EQ(line.number, 2);
  EXPECT_EQ(line.globs.size(), 2U);
  ASSERT_EQ(line.alternatives.size(), 2U);
  EXPECT_EQ(line.alternatives[0].size(), 3U);
  EXPECT_EQ(line.alternatives[1].size(), 2U);
  EXPECT_TRUE(line.matches("aten::abs"));
  EXPECT_FALSE(line.matches("aten::bb"));
  EXPECT_FALSE(line.is_general());
  EXPECT_TRUE(domains.lines()[1].is_general());
  EXPECT_EQ(domains.size_symbols(), 2U);
}

TEST(Domains, MalformedTextIsAnInputErrorWithItsPosition) {
  EXPECT_EQ(position_of_error("aten::a : x = nonsense"), "x:1:15");
  EXPECT_EQ(position_of_error("* : a = 1\naten::a : x = tensor(N) silly"), "x:2:25");
  EXPECT_EQ(position_of_error("* : let n = 1"), "x:1:9");
  EXPECT_NE(position_of_error("aten::a x = 1"), "accepted");
  EXPECT_NE(position_of_error("aten::a : x = [1, 2"), "accepted");
  EXPECT_NE(position_of_error("aten::a : x = result(clone)"), "accepted");
  EXPECT_NE(position_of_error("aten::a : = 1"), "accepted");
  EXPECT_NE(position_of_error("aten::a :"), "accepted");
}

TEST(Domains, EveryPrefixIsReadOrIsAnInputError) {
  const std::string text =
      "aten::x : a = tensor([N], 2 * C, rank(S...)) f32 + i64 below(N - 1)? | none ; b = [1..2, \"s\"]\n"
      "aten::y : c = result(aten::z; d = list(1..3; tensor(S...) spd)).1 ; e = 0.5..1.0 || e = -2\n";
  for (size_t length = 0; length <= text.size(); ++length) position_of_error(text.substr(0, length));
  EXPECT_EQ(position_of_error(text), "accepted");
}

TEST(Domains, ItemsThatDoNotFitTheSchemaAreSkipped) {
  const Domains domains =
      Domains::parse("* : dim = dim\naten::sum* : dim = \"A\" ; nothing = 1\naten::other : dim = 1\n", "x");
  const Catalog catalog = catalog_of({"aten::sum(Tensor self, int dim) -> Tensor"});
  const OperatorDomain& domain = domains.of(catalog.operators()[0]);
  ASSERT_EQ(domain.lines.size(), 1U);  // a string does not fit an int, and no argument is named `nothing`
  ASSERT_EQ(domain.lines[0].alternatives[0].size(), 1U);
  EXPECT_EQ(domain.lines[0].alternatives[0][0].index, 1);
  EXPECT_EQ(&domain, &domains.of(catalog.operators()[0]));
}

// The position and the message of the error of an author's text.
std::string authors_error(const std::string& text) {
  const Catalog catalog = catalog_of({"mine::roi_align(Tensor input, Tensor rois, float scale) -> Tensor",
                                      "mine::sum(Tensor input, int dim) -> Tensor"});
  try {
    Domains::parse("* : dim = dim\n", "shipped").with(text, "x", catalog);
  } catch (const engine::InputError& error) {
    return error.where() + ": " + error.what();
  }
  return "accepted";
}

TEST(Domains, AuthorsLinesComeAfterTheOthersAndShareTheirSymbols) {
  const Catalog catalog = catalog_of({"mine::sum(Tensor input, int dim) -> Tensor"});
  const Domains shipped = Domains::parse("* : dim = dim ; let N = 2..4\n", "shipped");
  const Domains all = shipped.with("mine::sum : input = tensor(N, C)\n", "mine", catalog);
  EXPECT_EQ(shipped.lines().size(), 1U);
  ASSERT_EQ(all.lines().size(), 2U);
  EXPECT_EQ(all.size_symbols(), 2U);
  const OperatorDomain& domain = all.of(catalog.operators()[0]);
  ASSERT_EQ(domain.lines.size(), 2U);
  EXPECT_EQ(domain.lines[1].alternatives[0][0].index, 0);
}

TEST(Domains, MistakeOfAnAuthorIsAnErrorWithItsPosition) {
  EXPECT_EQ(
      authors_error("mine::roi_align : input = tensor(N, C, H, W) float ; rois = tensor(K, 5) as(input)"),
      "accepted");
  EXPECT_EQ(authors_error("mine::roi_align, mine::roi_pool : scale = 0.5"),
            "x:1:18: no operator matches 'mine::roi_pool'; `faultline list ops` shows all");
  EXPECT_EQ(authors_error("\nmine::roi_align : boxes = tensor(K, 5)"),
            "x:2:19: mine::roi_align has no argument 'boxes'; expected one of: input, rois, scale");
  EXPECT_EQ(authors_error("mine::* : boxes = tensor(K, 5)"),
            "x:1:11: none of the 2 operators has an argument 'boxes'");
  EXPECT_EQ(authors_error("mine::roi_align : scale = tensor(K, 5)"),
            "x:1:19: what '=' says does not fit the type of 'scale', which is float");
  EXPECT_EQ(authors_error("mine::roi_align : rois = tensor(K, 5) as(image)").substr(0, 6), "x:1:42");
  EXPECT_EQ(authors_error("mine::roi_align : rois = tensor(like(image))").substr(0, 6), "x:1:38");
  EXPECT_EQ(authors_error("mine::roi_align : rois = result(mine::boxes)").substr(0, 6), "x:1:33");
  EXPECT_EQ(authors_error("mine::roi_align : rois = result(mine::sum; axis = 1)").substr(0, 6), "x:1:44");
}

TEST(Domains, WordsForDtypesOfEightBitsNeedADtype) {
  const bool has_f8 = std::ranges::any_of(
      engine::all_dtypes, [](engine::DType dtype) { return engine::name_of(dtype).starts_with("f8"); });
  EXPECT_EQ(position_of_error("aten::a : x = tensor(N) f8") == "accepted", has_f8);
  for (const engine::DType dtype : engine::all_dtypes)
    EXPECT_EQ(position_of_error("aten::a : x = tensor(N) " + std::string(engine::name_of(dtype))),
              "accepted");
}

TEST(Domains, BuiltInDomainsAreRead) { EXPECT_GT(Domains::torch().lines().size(), 100U); }

}  // namespace
}  // namespace corpora
