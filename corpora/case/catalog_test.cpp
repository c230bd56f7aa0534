#include "corpora/case/catalog.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "corpora/case/schema_catalog.h"
#include "engine/core/input_error.h"

namespace corpora {
namespace {

Catalog small_catalog() {
  std::vector<Operator> operators = operators_of(
      {"aten::mul.Tensor(Tensor self, Tensor other) -> Tensor", "aten::add.Tensor(Tensor self) -> Tensor",
       "aten::add.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)",
       "aten::add_.Tensor(Tensor(a!) self) -> Tensor", "aten::addmm(Tensor self) -> Tensor",
       "aten::relu(Tensor self) -> Tensor", "aten::relu.out(Tensor self, *, Tensor(a!) out) -> Tensor(a!)",
       "aten::from_file(str name) -> Tensor", "mine::add(Tensor self) -> Tensor",
       "profiler::start(str name) -> Tensor"});
  for (Operator& op : operators) op.off_limits = op.schema.arguments[0].name == "name";
  return Catalog(operators);
}

std::vector<std::string> selected(const std::vector<std::string>& patterns) {
  const Catalog catalog = small_catalog();
  std::vector<std::string> names;
  for (size_t i : select(catalog, patterns)) names.push_back(catalog.operators()[i].name);
  return names;
}

using Names = std::vector<std::string>;

TEST(Catalog, OperatorsAreSortedAndFound) {
  const Catalog catalog = small_catalog();
  for (size_t i = 1; i < catalog.operators().size(); ++i)
    EXPECT_LT(catalog.operators()[i - 1].name, catalog.operators()[i].name);
  for (const Operator& op : catalog.operators()) EXPECT_EQ(catalog.find(op.name), &op);
  EXPECT_EQ(catalog.find("aten::add"), nullptr);
  EXPECT_EQ(catalog.find(""), nullptr);
  EXPECT_EQ(catalog.find("z"), nullptr);
  EXPECT_EQ(Catalog().find("aten::add.Tensor"), nullptr);
}

TEST(Select, NoPatternSelectsAllButOffLimitsOperators) {
  const Names names = selected({});
  EXPECT_EQ(names.size(), 8U);
  for (const std::string& name : names) EXPECT_TRUE(name != "aten::from_file" && name != "profiler::start");
}

TEST(Select, BareWordIsAPrefixInAten) {
  EXPECT_EQ(selected({"add"}),
            (Names{"aten::add.Tensor", "aten::add.out", "aten::add_.Tensor", "aten::addmm"}));
  EXPECT_EQ(selected({"relu"}), (Names{"aten::relu", "aten::relu.out"}));
}

TEST(Select, NameWithOverloadIsThatOverloadInAten) {
  EXPECT_EQ(selected({"add.out"}), (Names{"aten::add.out"}));
  EXPECT_EQ(selected({"add*.Tensor"}), (Names{"aten::add.Tensor", "aten::add_.Tensor"}));
  EXPECT_EQ(selected({"re?u"}), (Names{"aten::relu"}));
}

TEST(Select, QualifiedNameSelectsTheOperatorOrItsOverloads) {
  EXPECT_EQ(selected({"aten::relu"}), (Names{"aten::relu"}));
  EXPECT_EQ(selected({"aten::add"}), (Names{"aten::add.Tensor", "aten::add.out"}));
  EXPECT_EQ(selected({"mine::add"}), (Names{"mine::add"}));
  EXPECT_EQ(selected({"*::add"}), (Names{"mine::add"}));
}

TEST(Select, SeveralPatternsSelectTheirUnionInCatalogOrder) {
  EXPECT_EQ(selected({"relu", "mine::*", "aten::relu"}),
            (Names{"aten::relu", "aten::relu.out", "mine::add"}));
}

TEST(Select, WildcardSelectsOffLimitsOperatorsOnlyIfItMatchesNoOthers) {
  EXPECT_EQ(selected({"*"}).size(), 7U);
  EXPECT_EQ(selected({"*::*"}).size(), 8U);
  EXPECT_EQ(selected({"from_file"}), (Names{"aten::from_file"}));
  EXPECT_EQ(selected({"profiler::*"}), (Names{"profiler::start"}));
}

TEST(Select, PatternWithoutMatchIsAnInputError) {
  for (const char* pattern : {"nonsense", "aten::nonsense", "add.nonsense", "", "::", "add.Tensor.x"}) {
    try {
      selected({"relu", pattern});
      FAIL() << "accepted '" << pattern << "'";
    } catch (const engine::InputError& error) {
      EXPECT_EQ(error.where(), "--ops");
      EXPECT_NE(error.line().find(std::string("'") + pattern + "'"), std::string::npos) << error.line();
      EXPECT_EQ(error.line().find('\n'), std::string::npos);
    }
  }
}

TEST(GlobMatch, StarAndQuestionMarkAreWildcards) {
  EXPECT_TRUE(glob_match("", ""));
  EXPECT_TRUE(glob_match("*", ""));
  EXPECT_FALSE(glob_match("?", ""));
  EXPECT_FALSE(glob_match("", "a"));
  EXPECT_TRUE(glob_match("a*c?e", "abbcde"));
  EXPECT_FALSE(glob_match("add", "addmm"));
  EXPECT_FALSE(glob_match("dd", "add"));
  EXPECT_TRUE(glob_match("[a]", "[a]"));
}

// The definition: slow and simple.
bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*')
    return matches(pattern.substr(1), text) || (!text.empty() && matches(pattern, text.substr(1)));
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
         matches(pattern.substr(1), text.substr(1));
}

RC_GTEST_PROP(GlobMatch, EqualsTheDefinition, ()) {
  const auto letters = [](const std::string& alphabet) {
    std::string text;
    for (size_t length = *rc::gen::inRange<size_t>(0, 9); text.size() < length;)
      text += alphabet[*rc::gen::inRange<size_t>(0, alphabet.size())];
    return text;
  };
  const std::string pattern = letters("aab**?"), text = letters("aab");
  RC_ASSERT(glob_match(pattern, text) == matches(pattern, text));
}

TEST(GlobMatch, ManyStarsAreFast) {
  std::string pattern, text(5000, 'a');
  for (int i = 0; i < 500; ++i) pattern += "*a";
  EXPECT_TRUE(glob_match(pattern, text));
  EXPECT_FALSE(glob_match(pattern + "b", text));
}

}  // namespace
}  // namespace corpora
