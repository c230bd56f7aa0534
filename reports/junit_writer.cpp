// JUnit XML for CI systems: a suite for each oracle, a test case for each finding. New findings fail; others
// are skipped, with the reason. An oracle without findings is one passed test case.
#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "corpora/case/text.h"
#include "reports/finding_text.h"
#include "reports/writers.h"

namespace reports {
namespace {

// XML 1.0 cannot represent most control characters.
std::string allowed(std::string text) {
  for (char& ch : text)
    if (static_cast<unsigned char>(ch) < 0x20 && ch != '\n' && ch != '\t') ch = ' ';
  return text;
}

void put(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = allowed(value).c_str();
}

std::string body_of(const Finding& finding) {
  const FindingText text = text_of(finding);
  std::string also = also_shown_by(finding);
  for (const Finding& other : finding.also)
    also += fmt::format("\n  {}: {}", text_of(other).headline, replay_line(other));
  if (!also.empty()) also += "\n\n";
  return allowed(fmt::format(
      "{}\n\n{}\nat {}\n{}: {}\n{}: {}\n{}\n{}\n\nneeds: {}\npaths: {} and {}\n{}\n\n{}{}", text.headline,
      text.call, text.where, text.left.name, text.left.text, text.right.name, text.right.text, text.expected,
      text.look_at, fmt::format("{}", fmt::join(needs_of(finding), ", ")),
      corpora::to_string(finding.verdict.left), corpora::to_string(finding.verdict.right),
      replay_line(finding), also, corpora::to_text(finding.minimal)));
}

void add_case(pugi::xml_node suite, const Finding& finding) {
  pugi::xml_node test = suite.append_child("testcase");
  put(test, "classname", finding.signature.subject + "." + finding.signature.oracle);
  put(test, "name",
      fmt::format("{} {} {}", finding.signature.op, oracles::name_of(finding.signature.kind),
                  finding.fingerprint));
  if (const std::string why = why_not_new(finding); !why.empty()) {
    put(test.append_child("skipped"), "message", why);
    return;
  }
  pugi::xml_node failure = test.append_child("failure");
  put(failure, "type", std::string(oracles::name_of(finding.signature.kind)));
  put(failure, "message", text_of(finding).headline);
  failure.append_child(pugi::node_pcdata).set_value(body_of(finding).c_str());
}

}  // namespace

std::string write_junit(const ReportData& data) {
  pugi::xml_document document;
  document.append_child(pugi::node_declaration).append_attribute("version") = "1.0";
  document.first_child().append_attribute("encoding") = "UTF-8";
  pugi::xml_node suites = document.append_child("testsuites");
  put(suites, "name", "faultline");
  put(suites, "failures", std::to_string(data.fresh()));
  for (const OracleRow& row : data.oracles) {
    pugi::xml_node suite = suites.append_child("testsuite");
    size_t tests = 0, failures = 0;
    for (const auto* findings : {&data.findings, &data.foreign})
      for (const Finding& finding : *findings) {
        if (finding.signature.oracle != row.name) continue;
        add_case(suite, finding);
        ++tests;
        failures += finding.is_new();
      }
    if (tests == 0) {
      pugi::xml_node test = suite.append_child("testcase");
      put(test, "classname", row.name);
      put(test, "name", fmt::format("{} checks", row.counts.checks()));
      if (const std::string line = line_if_not_run(row); !line.empty())
        put(test.append_child("skipped"), "message", line);
      tests = 1;
    }
    put(suite, "name", row.name);
    put(suite, "tests", std::to_string(tests));
    put(suite, "failures", std::to_string(failures));
  }
  std::ostringstream text;
  document.save(text, "  ");
  return text.str();
}

}  // namespace reports
