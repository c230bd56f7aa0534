// Loads the HTML report in a real browser, where one is installed.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <array>
#include <cstdio>
#include <filesystem>

#include "reports/example_findings.h"
#include "reports/files.h"
#include "reports/writers.h"

namespace reports {
namespace {

std::string browser() {
  for (const char* path : {"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"})
    if (std::filesystem::exists(path)) return path;
  return {};
}

std::string output_of(const std::string& command) {
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) return {};
  std::string text;
  std::array<char, 4096> buffer{};
  while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), n);
  pclose(pipe);
  return text;
}

// The page's markup after its scripts have run.
std::string drawn(const ReportData& data, const example::Directory& base) {
  write_text(base / "report.html", write_html(data));
  return output_of("timeout 60 " + browser() + " --headless=new --no-sandbox --disable-gpu --user-data-dir=" +
                   (base / "profile") + " --dump-dom file://" + (base / "report.html") + " 2>/dev/null");
}

class Html : public testing::Test {
 protected:
  void SetUp() override {
    if (browser().empty()) GTEST_SKIP() << "no chromium: the report is not loaded in a browser";
  }
};

TEST_F(Html, PageShowsGroupsAndFindings) {
  const example::Directory base("html");
  const std::string page = drawn(example::small_report(), base);
  EXPECT_NE(page.find("data-drawn=\"2 groups\""), std::string::npos) << "the script failed";
  EXPECT_NE(page.find("Result has different strides for a ZeroTensor input"), std::string::npos);
  EXPECT_NE(page.find("torch-zero-times-infinity"), std::string::npos);
  EXPECT_NE(page.find("aten::sin"), std::string::npos);
}

TEST_F(Html, HostileTextIsShownAsText) {
  const example::Directory base("hostile");
  const std::string page = drawn(example::report_of({example::hostile()}), base);
  EXPECT_NE(page.find("data-drawn=\"1 groups\""), std::string::npos);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
}

TEST_F(Html, EmptyReportSaysSo) {
  const example::Directory base("empty");
  EXPECT_NE(drawn(ReportData{}, base).find("No findings."), std::string::npos);
}

}  // namespace
}  // namespace reports
