// SARIF 2.1.0 for code-scanning pages: a rule for each group, a result for each finding, at its case file.
#include <fmt/format.h>

#include <set>

#include "reports/finding_text.h"
#include "reports/json_text.h"
#include "reports/writers.h"

namespace reports {
namespace {

Json rule_json(const Finding& first) {
  const std::string needs = fmt::format("{}", fmt::join(needs_of(first), ", "));
  const std::string text = text_of(first).title + (needs.empty() ? "" : " (needs " + needs + ")");
  return {{"id", first.group},
          {"name", fmt::format("{}/{}", first.signature.oracle, oracles::name_of(first.signature.kind))},
          {"shortDescription", {{"text", text}}}};
}

Json result_json(const Finding& finding) {
  const FindingText t = text_of(finding);
  std::string text =
      fmt::format("{}\n\n{}\nat {}\n{}: {}\n{}: {}\n{}\nReplay: {}", t.headline, t.call, t.where, t.left.name,
                  t.left.text, t.right.name, t.right.text, t.look_at, replay_line(finding));
  if (const std::string also = also_shown_by(finding); !also.empty()) text += "\n" + also;
  Json location;
  location["physicalLocation"]["artifactLocation"]["uri"] =
      "findings/" + finding.fingerprint + "/finding.case";
  location["physicalLocation"]["region"]["startLine"] = 1;
  location["logicalLocations"] =
      Json::array({Json{{"fullyQualifiedName", finding.signature.op}, {"kind", "function"}}});
  Json result;
  result["ruleId"] = finding.group;
  const std::string why = why_not_new(finding);
  result["level"] = why.empty() ? "warning" : "note";
  result["message"]["text"] = text;
  result["locations"] = Json::array({location});
  result["partialFingerprints"]["faultline/v1"] = finding.fingerprint;
  if (!why.empty()) {
    const Json suppression = {{"kind", "external"}, {"justification", why}};
    result["suppressions"] = Json::array({suppression});
  }
  return result;
}

}  // namespace

std::string write_sarif(const ReportData& data) {
  Json rules = Json::array(), results = Json::array();
  std::set<std::string> ruled;
  for (const Group& group : data.groups) {
    ruled.insert(group.id);
    rules.push_back(rule_json(data.findings[group.findings.front()]));
  }
  for (const Finding& finding : data.findings) results.push_back(result_json(finding));
  for (const Finding& finding : data.foreign) {
    if (ruled.insert(finding.group).second) rules.push_back(rule_json(finding));
    results.push_back(result_json(finding));
  }
  Json run;
  run["tool"]["driver"]["name"] = "Faultline";
  run["tool"]["driver"]["version"] = FAULTLINE_VERSION;
  run["tool"]["driver"]["rules"] = rules;
  run["results"] = results;
  Json json;
  json["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  json["version"] = "2.1.0";
  json["runs"] = Json::array({run});
  return print_json(json);
}

}  // namespace reports
