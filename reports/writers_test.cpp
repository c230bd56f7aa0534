#include "reports/writers.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <pugixml.hpp>

#include "engine/core/input_error.h"
#include "reports/example_findings.h"
#include "reports/files.h"
#include "reports/json_text.h"
#include "reports/operator_gaps.h"

namespace reports {
namespace {

// Compares with reports/golden/FILE. FAULTLINE_UPDATE_GOLDEN=1 writes them again; review before you commit.
void expect_golden(const std::string& text, const std::string& file) {
  const std::string path = std::string(FAULTLINE_SOURCE_DIR "/reports/golden/") + file;
  if (std::getenv("FAULTLINE_UPDATE_GOLDEN")) write_text(path, text);
  EXPECT_EQ(text, read_text(path)) << file;
}

TEST(Writers, MatchTheirGoldenFiles) {
  const ReportData data = example::small_report();
  expect_golden(write_console(data, false), "console.txt");
  expect_golden(write_console(data, true), "console_colour.txt");
  expect_golden(write_markdown(data), "report.md");
  expect_golden(write_junit(data), "junit.xml");
  expect_golden(write_sarif(data), "report.sarif.json");
  expect_golden(write_json(data), "report.json");
}

TEST(Writers, GroupsWithNewFindingsComeFirst) {
  const ReportData data = example::small_report();
  ASSERT_EQ(data.groups.size(), 2U);
  EXPECT_EQ(data.groups[0].findings.size(), 2U);
  EXPECT_EQ(data.groups[0].fresh, 2U);
  EXPECT_EQ(data.groups[1].fresh, 0U);
  EXPECT_EQ(data.fresh(), 2U);
}

TEST(Writers, OtherFindingsOnTheSameMistakeAreListedInIt) {
  Finding mistake = example::zero_strides();
  mistake.also = {example::neg_strides()};
  const ReportData data = example::report_of({mistake});
  EXPECT_EQ(data.fresh(), 1U);
  for (const std::string& text : {write_console(data, false), write_markdown(data), write_junit(data),
                                  write_sarif(data), write_html(data)})
    EXPECT_NE(text.find("also shown by 1 finding of neg"), std::string::npos) << text;
  const Json json = parse_json(write_json(data), "report.json", "JSON");
  ASSERT_EQ(json["findings"].size(), 1U);
  EXPECT_EQ(json["findings"][0]["also"][0]["oracle"], "neg");
}

TEST(Writers, FindingsOfTheLibraryAreListedButNotNew) {
  ReportData data = example::report_of({example::zero_strides()});
  Finding foreign = example::zero_strides_of("aten::foreign");
  foreign.origin.of_author = true;
  data.foreign.assign(8, foreign);
  EXPECT_EQ(data.fresh(), 1U);
  const std::string line = "`aten::foreign`: result has different strides for a ZeroTensor input";
  const std::string console = write_console(data, false);
  EXPECT_NE(console.find("8 more on operators of the library"), std::string::npos) << console;
  EXPECT_NE(console.find(line), std::string::npos) << console;
  EXPECT_NE(console.find("and 3 more: "), std::string::npos) << console;
  EXPECT_NE(write_markdown(data).find("- \\`aten::foreign\\`: "), std::string::npos) << write_markdown(data);
  EXPECT_NE(write_html(data).find(line), std::string::npos);
  const Json json = parse_json(write_json(data), "report.json", "JSON");
  EXPECT_EQ(json["findings"].size(), 1U);
  EXPECT_EQ(json["findings_of_library"].size(), 8U);
  const Json sarif = parse_json(write_sarif(data), "sarif", "JSON");
  EXPECT_EQ(sarif["runs"][0]["results"][1]["level"], "note");
  const std::string junit = write_junit(data);
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(junit.c_str()));
  EXPECT_EQ(document.select_nodes("//failure").size(), 1U);
  EXPECT_EQ(document.select_nodes("//skipped[contains(@message, 'of the library')]").size(), 8U);
}

TEST(Writers, ConsoleGivesALongNameALineOfItsOwn) {
  ReportData data = example::small_report();
  const std::string name = "author::" + std::string(60, 'x');
  data.operators[name] = data.operators["aten::exp"];
  const std::string console = write_console(data, false);
  EXPECT_NE(console.find("\n" + name + "\n   "), std::string::npos) << console;
}

TEST(Writers, JunitIsWellFormedForHostileText) {
  const std::string text = write_junit(example::report_of({example::hostile(), example::zero_strides()}));
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_string(text.c_str());
  ASSERT_TRUE(parsed) << parsed.description();
  EXPECT_EQ(document.select_nodes("//failure").size(), 2U);
  EXPECT_EQ(std::string(document.child("testsuites").attribute("failures").value()), "2");
}

TEST(Writers, JsonFormatsAreValidForHostileText) {
  const ReportData data = example::report_of({example::hostile(), example::known_zero_times_infinity()});
  const Json json = parse_json(write_json(data), "report.json", "JSON");
  EXPECT_EQ(json["findings"].size(), 2U);
  EXPECT_EQ(json["groups"].size(), 2U);
  const Json sarif = parse_json(write_sarif(data), "sarif", "JSON");
  EXPECT_EQ(sarif["version"], "2.1.0");
  EXPECT_EQ(sarif["runs"][0]["results"].size(), 2U);
}

TEST(Writers, HostileTextKeepsMarkdownTablesIntact) {
  const std::string text = write_markdown(example::report_of({example::hostile()}));
  size_t rows = 0;
  for (size_t at = 0; (at = text.find("\n| ", at)) != std::string::npos; ++at) {
    const std::string line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
    size_t bars = 0;
    for (size_t i = 0; i < line.size(); ++i) bars += line[i] == '|' && (i == 0 || line[i - 1] != '\\');
    EXPECT_EQ(bars, 7U) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 5U) << "one group, two operators, and the heads of both tables";
}

TEST(Writers, HtmlContainsHostileTextAsText) {
  const std::string page = write_html(example::report_of({example::hostile()}));
  size_t scripts = 0;
  for (size_t at = 0; (at = page.find("</script", at)) != std::string::npos; ++at) ++scripts;
  EXPECT_EQ(scripts, 2U) << "the data element's and the page's own";
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("<!-- `"), std::string::npos);
}

TEST(Writers, HtmlNeedsNoNetwork) {
  const std::string page = write_html(example::small_report());
  for (const char* word : {"http://", "https://", "src=", "@import", "url("})
    EXPECT_EQ(page.find(word), std::string::npos) << word;
}

TEST(Writers, FormatsAreFoundByName) {
  for (const Writer& writer : all_writers()) EXPECT_EQ(&writer_for(writer.format), &writer);
  EXPECT_THROW(writer_for("docx"), engine::InputError);
}

TEST(Report, NotRunLineGivesTheReason) {
  OracleRow row;
  row.name = "conj";
  row.not_run = true;
  EXPECT_EQ(line_if_not_run(row), "oracle conj counts as not run: it was given no case");
  row.counts = {{5, 0, 0, 0, 0, 0, 0, 495, 0, 0}, {0, 0, 3, 0, 0}};
  EXPECT_EQ(line_if_not_run(row),
            "oracle conj counts as not run: 3 of 500 cases met the key Conjugate, and 2 % are needed");
  row.name = "reference";
  EXPECT_EQ(line_if_not_run(row),
            "oracle reference counts as not run: it could judge 5 of 500 cases, and 50 % are needed");
  row.counts = {};
  row.name = "dispatch";
  EXPECT_EQ(line_if_not_run(row), "") << "runs of chosen operators draw no dispatch programs";
  row.name = "reference";
  row.is_for_subject = false;
  EXPECT_EQ(line_if_not_run(row), "");
  row.is_for_subject = true;
  ++row.counts.judgements[static_cast<size_t>(oracles::Judgement::differ)];
  EXPECT_EQ(line_if_not_run(row), "") << "it found a difference, so it was run";
}

TEST(Report, FindingThatIsPartOfAnotherIsListedOnce) {
  const example::Directory base("parts");
  const Finding primary = example::zero_strides(), other = example::neg_strides();
  for (const char* out : {"a", "b"}) {
    std::filesystem::create_directories(base / (std::string(out) + "/findings"));
    write_text(base / (std::string(out) + "/summary.json"), "{}");
  }
  write_finding(primary, base / ("a/findings/" + primary.fingerprint));
  write_finding(other, base / ("a/findings/" + primary.fingerprint + "/also/" + other.fingerprint));
  write_finding(primary, base / ("b/findings/" + primary.fingerprint));
  const ReportData data = read_report({base / "a", base / "b"});
  ASSERT_EQ(data.findings.size(), 1U);
  EXPECT_EQ(data.fresh(), 1U);
  ASSERT_EQ(data.findings[0].also.size(), 1U);
  const KnownEntries known = [&] {
    std::filesystem::create_directories(base / "known");
    write_text(base / "known/entry.json", to_json(entry_for(primary, "accepted")));
    return KnownEntries::read({base / "known"});
  }();
  const ReportData accepted = read_report({base / "a", base / "b"}, known);
  ASSERT_EQ(accepted.findings.size(), 1U);
  EXPECT_EQ(accepted.findings[0].fingerprint, other.fingerprint) << "no entry explains this one";
  EXPECT_EQ(accepted.fresh(), 1U);
}

TEST(Report, FindingsOfTheLibraryInARunOfAnAuthorsAreApart) {
  const example::Directory base("owners");
  std::filesystem::create_directories(base / "findings");
  write_text(base / "summary.json", "{}");
  Finding foreign = example::zero_strides(), own = example::neg_strides();
  foreign.origin.of_author = own.origin.of_author = true;
  own.owner = Owner::author;
  for (const Finding& finding : {foreign, own})
    write_finding(finding, base / ("findings/" + finding.fingerprint));
  const ReportData data = read_report({base.text()});
  ASSERT_EQ(data.findings.size(), 1U);
  EXPECT_EQ(data.findings[0].fingerprint, own.fingerprint);
  ASSERT_EQ(data.foreign.size(), 1U);
  EXPECT_EQ(data.foreign[0].fingerprint, foreign.fingerprint);
  EXPECT_EQ(data.fresh(), 1U);
}

TEST(Report, SumsDirectories) {
  const example::Directory base("sums");
  for (const char* out : {"a", "b"}) {
    std::filesystem::create_directories(base / (std::string(out) + "/findings"));
    write_text(base / (std::string(out) + "/summary.json"),
               R"({"cases": 10, "checks": 7, "agree": 6, "differ": 1, "seconds": 0.5,
                   "oracles": [{"name": "zero", "agree": 7, "reach": {"own": 3}, "not_run": false}],
                   "runs": [{"seed": 1, "subject": "torch"}]})");
    write_text(base / (std::string(out) + "/coverage.json"),
               R"({"operators": {"aten::exp": {"drawn": 3, "accepted": 2, "executed": 2, "last_error": "no",
                   "missing": [{"what": "meta_kernel", "write": "it"}], "oracles": {"zero": {"agree": 7}}}}})");
    const Finding finding = example::zero_strides();
    write_finding(finding, base / (std::string(out) + "/findings/" + finding.fingerprint));
  }
  const ReportData data = read_report({base / "a", base / "b"});
  EXPECT_EQ(data.cases, 20U);
  EXPECT_EQ(data.counts.checks(), 14U);
  EXPECT_EQ(data.oracles.at(0).counts.of(oracles::Reach::own), 6U);
  const OperatorTally& exp = data.operators.at("aten::exp");
  EXPECT_EQ(exp.executed, 4U);
  EXPECT_EQ(exp.drawn, 6U);
  EXPECT_EQ(exp.accepted, 4U);
  EXPECT_EQ(exp.last_error, "no");
  EXPECT_EQ(gaps_of(exp), (std::vector<oracles::OperatorGap>{{oracles::Gap::meta_kernel, "it", ""}}));
  EXPECT_EQ(data.runs.size(), 2U);
  EXPECT_EQ(data.findings.size(), 1U) << "one fingerprint, one finding";
  EXPECT_THROW(read_report({base / "absent"}), engine::InputError);
  write_text(base / "a/summary.json", "{\"cases\": \"ten\"}");
  EXPECT_THROW(read_report({base / "a"}), engine::InputError);
}

}  // namespace
}  // namespace reports
