#include "reports/known.h"

#include <gtest/gtest.h>

#include <map>

#include "engine/core/input_error.h"
#include "reports/call_facts.h"
#include "reports/example_findings.h"
#include "reports/files.h"
#include "reports/finding_json.h"

namespace reports {
namespace {

std::string refusal_of(const std::string& text) {
  try {
    parse_known(text, "e.json");
  } catch (const engine::InputError& error) {
    return error.line();
  }
  return "accepted";
}

KnownEntry entry(const std::string& rest) {
  return parse_known(R"({"name": "n", "reason": "r", )" + rest + "}", "e.json");
}

TEST(Known, EveryPartOfAnEntryMustMatch) {
  const Finding finding = example::zero_strides();
  EXPECT_TRUE(covers(entry(R"("operators": ["aten::exp"])"), finding));
  EXPECT_TRUE(covers(entry(R"("operators": ["aten::nope", "aten::e*"], "oracle": "zero", "kind": "strides")"),
                     finding));
  EXPECT_FALSE(covers(entry(R"("operators": ["aten::sin"])"), finding));
  EXPECT_FALSE(covers(entry(R"("operators": ["aten::exp"], "oracle": "meta")"), finding));
  EXPECT_FALSE(covers(entry(R"("operators": ["aten::exp"], "kind": "value")"), finding));
  EXPECT_FALSE(covers(entry(R"("operators": ["aten::exp"], "subject": "engine")"), finding));
  EXPECT_TRUE(covers(entry(R"("operators": ["aten::exp"], "versions": "1.13")"), finding));
  EXPECT_FALSE(covers(entry(R"("operators": ["aten::exp"], "versions": "2.")"), finding));
  EXPECT_TRUE(covers(entry(R"("operators": ["*"], "requires": ["layout:*"])"), finding));
  EXPECT_FALSE(covers(entry(R"("operators": ["*"], "requires": ["layout:strided", "values:*"])"), finding));
  EXPECT_FALSE(covers(entry(R"("operators": ["aten::exp"], "excludes": ["layout:strided"])"), finding));
}

TEST(Known, OneOfAListMustMatch) {
  const Finding finding = example::zero_strides();
  const auto with = [&](const std::string& rest) {
    return covers(entry(R"("operators": ["aten::exp"], )" + rest), finding);
  };
  EXPECT_TRUE(with(R"("oracle": ["meta", "zero"], "kind": ["strides", "value"])"));
  EXPECT_FALSE(with(R"("oracle": ["meta", "neg"])"));
  EXPECT_FALSE(with(R"("kind": ["value", "sizes"])"));
  EXPECT_TRUE(with(R"("left": ["*nan*", "?1, 2?"])"));
  EXPECT_FALSE(with(R"("left": ["*nan*", "*inf*"])"));
  EXPECT_TRUE(with(R"("requires": ["values:*|layout:strided"])"));
  EXPECT_FALSE(with(R"("requires": ["values:*|layout:offset"])"));
  EXPECT_FALSE(with(R"("excludes": ["values:*|layout:strided"])"));
  EXPECT_TRUE(with(R"("versions": ">=1.13 <2.0")"));
  EXPECT_FALSE(with(R"("versions": "<1.13")"));
}

TEST(Known, EntryMayRequireFactsOfTheCall) {
  Finding finding = example::zero_strides();
  const auto facts_with = [&](const char* schema) {
    finding.schemas = {engine::parse_schema(schema)};
    return call_facts(finding);
  };
  EXPECT_EQ(facts_with("aten::exp(Tensor self) -> Tensor"), std::vector<std::string>{});
  EXPECT_EQ(facts_with("aten::exp(Tensor(a!) self) -> Tensor(a!)"),
            std::vector<std::string>{"written:first-result"});
  EXPECT_EQ(facts_with("aten::exp(Tensor(a!) self) -> ()"),
            std::vector<std::string>{"written:not-first-result"});
  EXPECT_EQ(facts_with("aten::exp(Tensor(a!) self) -> Tensor"),
            std::vector<std::string>{"written:not-first-result"});
  EXPECT_TRUE(covers(entry(R"("operators": ["*"], "requires": ["written:not-first-result"])"), finding));
  EXPECT_FALSE(covers(entry(R"("operators": ["*"], "requires": ["written:first-result"])"), finding));
  finding.verdict.right.clear();
  EXPECT_EQ(call_facts(finding), std::vector<std::string>{}) << "the path transforms nothing";
}

TEST(Known, EntryMatchesWhatTheSidesShowAndCall) {
  const Finding finding = example::zero_strides();
  const auto with = [&](const std::string& rest) {
    return covers(entry(R"("operators": ["aten::exp"], )" + rest), finding);
  };
  EXPECT_TRUE(with(R"("left": "?1, 2?", "right": "*2, 1*")"));
  EXPECT_FALSE(with(R"("left": "*nan*")"));
  EXPECT_FALSE(with(R"("right": "*nan*")"));
  EXPECT_TRUE(with(R"("calls": ["aten::mul *", "aten::zeros [*CPU*"])"));
  EXPECT_FALSE(with(R"("calls": ["aten::mul *"])"));
  EXPECT_FALSE(with(R"("without_calls": ["aten::zeros *"])"));
  EXPECT_TRUE(with(R"("without_calls": ["aten::mul *"])"));
  EXPECT_TRUE(with(R"("left_calls": ["aten::exp *"])"));
  EXPECT_FALSE(with(R"("left_calls": ["aten::zeros *"])"));
  const KnownEntry written = entry(
      R"("operators": ["a"], "oracle": "zero", "kind": ["value", "sizes"], "left": "l", "right": ["r", "s"],)"
      R"( "calls": ["c"], "without_calls": ["d", "e"], "left_calls": ["f"], "case": "g.case")");
  EXPECT_EQ(to_json(parse_known(to_json(written), "e.json")), to_json(written));
}

// Findings as `run` stores them, with traces.
TEST(Known, StoredFindingsMatchTheirEntries) {
  const KnownEntries known = KnownEntries::read({FAULTLINE_SOURCE_DIR "/corpora/known"});
  const std::map<std::string, std::string> expected{
      {"dot_zero_times_infinity", "torch-zero-times-infinity"},
      {"outer_zero_times_infinity", "torch-zero-times-infinity"},
      {"poisson_computed_infinity", "torch-zero-times-infinity"},
      {"stft_zero_times_nan", "torch-zero-times-nan"},
      {"batch_norm_statistics", "torch-training-statistics"},
      {"unsafe_split_alias", "torch-unsafe-aliases"},
      {"divided_by_zero", ""}};
  for (const auto& [name, entry] : expected) {
    const std::string file = FAULTLINE_SOURCE_DIR "/reports/golden/known/" + name + ".json";
    const Finding finding = finding_from_json(read_text(file), file);
    const KnownEntry* found = known.match(finding);
    EXPECT_EQ(found ? found->name : "", entry) << name;
  }
}

TEST(Known, WrongEntryIsRejectedWithItsPosition) {
  EXPECT_EQ(refusal_of("{\n \"name\" 1}"),
            "e.json:2:9: not JSON: an entry of known findings is one JSON object");
  EXPECT_EQ(refusal_of("[]"), "e.json:1:1: an entry of known findings is one JSON object");
  EXPECT_EQ(refusal_of(R"({"name": "n", "reason": "r",
 "operators": ["*"]})"),
            "e.json:2:2: \"*\" needs \"kind\" or \"requires\", since it would cover every finding");
  EXPECT_NE(refusal_of(R"({"name": "n", "operators": ["a"]})").find("needs a \"reason\""), std::string::npos);
  EXPECT_NE(refusal_of(R"({"operators": ["a"], "reason": "r"})").find("needs a \"name\""), std::string::npos);
  EXPECT_NE(refusal_of(R"({"name": "n", "reason": "r"})").find("needs \"operators\""), std::string::npos);
  EXPECT_NE(
      refusal_of(R"({"name": "n", "reason": "r", "operators": ["a"], "kind": "odd"})").find("unknown kind"),
      std::string::npos);
  EXPECT_NE(refusal_of(R"({"name": "n", "reason": "r", "operators": ["a"], "oracle": "odd"})")
                .find("unknown oracle"),
            std::string::npos);
  EXPECT_EQ(refusal_of(R"({"name": "n", "reason": "r", "operators": ["a"],
 "versions": "<1.x"})"),
            "e.json:2:2: \"<1.x\" is not a version bound; expected numbers and dots, as in \">=1.13 <2.0\"");
  EXPECT_NE(refusal_of(R"({"kind": 3})").find("takes a list"), std::string::npos);
  EXPECT_NE(refusal_of(R"({"nmae": "n"})").find("e.json:1:2: unknown key \"nmae\""), std::string::npos);
  EXPECT_NE(refusal_of(R"({"operators": "a"})").find("takes a list"), std::string::npos);
  EXPECT_NE(refusal_of(R"({"name": 3})").find("takes a string"), std::string::npos);
}

TEST(Known, EntryOfAnAcceptedFindingCoversOnlyThatFinding) {
  const Finding finding = example::zero_strides();
  const KnownEntry accepted = entry_for(finding, "accepted");
  const KnownEntry back = parse_known(to_json(accepted), "e.json");
  EXPECT_EQ(to_json(back), to_json(accepted));
  EXPECT_TRUE(covers(back, finding));
  EXPECT_FALSE(covers(back, example::zero_strides_of("aten::sin")));
  EXPECT_FALSE(covers(back, example::known_zero_times_infinity()));
}

TEST(Known, EntriesAreReadInOrderOfFileName) {
  const example::Directory base("known");
  write_text(base / "b.json", R"({"name": "second", "reason": "r", "operators": ["aten::exp"]})");
  write_text(base / "a.json", R"({"name": "first", "reason": "r", "operators": ["aten::e*"]})");
  write_text(base / "README.md", "no entry");
  const KnownEntries known = KnownEntries::read({base.text()});
  ASSERT_EQ(known.entries().size(), 2U);
  EXPECT_EQ(known.match(example::zero_strides())->name, "first");
  EXPECT_EQ(known.match(example::zero_strides_of("aten::sin")), nullptr);
  EXPECT_THROW(KnownEntries::read({base / "absent"}), engine::InputError);
}

TEST(Known, ShippedEntriesAreWellFormed) {
  const KnownEntries known = KnownEntries::read({FAULTLINE_SOURCE_DIR "/corpora/known"});
  ASSERT_FALSE(known.entries().empty());
  for (const KnownEntry& one : known.entries()) {
    EXPECT_GT(one.reason.size(), 40U) << one.name << " needs a longer reason";
    for (const std::string& file : one.cases)
      EXPECT_NO_THROW(read_text(FAULTLINE_SOURCE_DIR "/corpora/known/cases/" + file)) << one.name;
  }
  const KnownEntry* entry = known.match(example::known_zero_times_infinity());
  ASSERT_NE(entry, nullptr);
  EXPECT_EQ(entry->name, "torch-zero-times-infinity");
  EXPECT_EQ(known.match(example::zero_strides()), nullptr);
}

}  // namespace
}  // namespace reports
