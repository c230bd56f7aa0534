#include "reports/finding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <set>

#include "engine/core/input_error.h"
#include "reports/example_findings.h"
#include "reports/files.h"
#include "reports/finding_json.h"

namespace reports {
namespace {

namespace fs = std::filesystem;

void expect_same(const Finding& a, const Finding& b) {
  EXPECT_EQ(to_json(a), to_json(b));
  EXPECT_EQ(a.minimal, b.minimal);
  EXPECT_EQ(a.signature, b.signature);
  EXPECT_EQ(a.schemas, b.schemas);
}

TEST(Finding, WrittenFindingReadsBackEqual) {
  const example::Directory base("finding");
  const Finding finding = example::zero_strides();
  write_finding(finding, base / "0123");
  for (const char* file : {"finding.json", "finding.case", "repro.py", "repro.cpp"})
    EXPECT_TRUE(fs::exists(base / ("0123/" + std::string(file)))) << file;
  expect_same(read_finding(base / "0123"), finding);
}

TEST(Finding, InfinityAndNanReadBack) {
  Finding finding = example::hostile();
  finding.verdict.divergence.difference = std::numeric_limits<double>::infinity();
  finding.verdict.divergence.bound = std::nan("");
  const Finding back = finding_from_json(to_json(finding), "finding.json");
  EXPECT_TRUE(std::isinf(back.verdict.divergence.difference));
  EXPECT_TRUE(std::isnan(back.verdict.divergence.bound));
  EXPECT_EQ(back.verdict.divergence.place, finding.verdict.divergence.place);
  EXPECT_EQ(back.verdict.divergence.left.error_class, finding.verdict.divergence.left.error_class);
}

TEST(Finding, WritingReplacesTheWholeDirectory) {
  const example::Directory base("replace");
  Finding finding = example::zero_strides();
  write_finding(finding, base / "0123");
  write_text(base / "0123/left-over", "x");
  finding.known = "an-entry";
  write_finding(finding, base / "0123");
  EXPECT_EQ(read_finding(base / "0123").known, "an-entry");
  EXPECT_FALSE(fs::exists(base / "0123/left-over"));
  size_t entries = 0;
  for (const auto& entry : fs::directory_iterator(base.text())) entries += entry.exists();
  EXPECT_EQ(entries, 1U) << "no unfinished directory stays";
}

TEST(Finding, DirectoryIsReadInOrder) {
  const example::Directory base("order");
  fs::create_directories(base / "findings");
  for (const Finding& finding : {example::zero_strides_of("aten::sin"), example::zero_strides()})
    write_finding(finding, base / ("findings/" + finding.fingerprint));
  fs::create_directories(base / "findings/half-written.123");
  const auto findings = read_findings(base.text());
  ASSERT_EQ(findings.size(), 2U);
  EXPECT_EQ(findings[0].signature.op, "aten::exp");
  EXPECT_TRUE(read_findings(base / "absent").empty());
}

TEST(Finding, OtherFindingsOnTheSameMistakeAreReadWithIt) {
  const example::Directory base("also");
  const Finding primary = example::zero_strides(), other = example::neg_strides(),
                third = example::zero_strides_of("aten::sin");
  const std::string folder = base / ("findings/" + primary.fingerprint);
  write_finding(primary, folder);
  write_finding(other, folder + "/also/" + other.fingerprint);
  // A killed run may have moved a finding, but not yet what is in its also/.
  write_finding(third, folder + "/also/" + other.fingerprint + "/also/" + third.fingerprint);
  const auto findings = read_findings(base.text());
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].fingerprint, primary.fingerprint);
  ASSERT_EQ(findings[0].also.size(), 2U);
  std::set<std::string> fingerprints;
  for_each_finding(findings[0], [&](const Finding& f) { fingerprints.insert(f.fingerprint); });
  EXPECT_EQ(fingerprints, (std::set{primary.fingerprint, other.fingerprint, third.fingerprint}));
  EXPECT_EQ(finding_folders(base.text()).size(), 3U);
  for (const Finding& part : findings[0].also) EXPECT_TRUE(part.also.empty());
}

TEST(Finding, ErrorHasThePositionInTheFile) {
  const auto where_of = [](const std::string& text) {
    try {
      finding_from_json(text, "finding.json");
    } catch (const engine::InputError& error) {
      return error.where();
    }
    return std::string("accepted");
  };
  EXPECT_EQ(where_of("{\n  \"a\": nope}"), "finding.json:2:9");
  EXPECT_EQ(where_of("{}"), "finding.json:1:1");
  std::string wrong = to_json(example::zero_strides());
  wrong.replace(wrong.find("\"strides\""), 9, "\"nothing\"");
  EXPECT_EQ(where_of(wrong), "finding.json:1:1");
}

}  // namespace
}  // namespace reports
