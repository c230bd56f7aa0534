#include "reports/finding_json.h"

#include <fmt/format.h>

#include "engine/core/input_error.h"
#include "engine/dispatch/schema_parser.h"
#include "oracles/compare/divergence_json.h"
#include "reports/finding_text.h"
#include "reports/json_text.h"
#include "reports/origin_json.h"

namespace reports {
namespace {

oracles::Judgement judgement_named(const std::string& name) {
  using oracles::Judgement;
  for (Judgement j : {Judgement::crash, Judgement::timeout, Judgement::memory})
    if (oracles::name_of(j) == name) return j;
  return Judgement::differ;
}

Finding finding_of(const Json& json) {
  Finding f;
  f.fingerprint = json.at("fingerprint");
  f.group = json.at("group");
  f.signature.subject = json.at("subject");
  f.signature.oracle = json.at("oracle");
  f.signature.op = json.at("operator");
  const auto kind = oracles::kind_named(json.at("kind").get<std::string>());
  if (!kind) throw engine::InputError("", "unknown kind " + json.at("kind").get<std::string>());
  f.signature.kind = *kind;
  f.features = json.at("features").get<std::vector<std::string>>();
  f.owner = json.value("owner", "") == name_of(Owner::author) ? Owner::author : Owner::library;
  f.known = json.at("known");
  f.verdict.judgement = judgement_named(json.at("judgement"));
  f.verdict.left = corpora::parse_path(json.at("left_path").get<std::string>());
  f.verdict.right = corpora::parse_path(json.at("right_path").get<std::string>());
  f.verdict.right_case = json.at("right_case");
  f.verdict.divergence = oracles::divergence_from(json.at("divergence"), f.signature.kind);
  for (const Json& text : json.at("schemas"))
    f.schemas.push_back(engine::parse_schema(text.get<std::string>()));
  f.left_trace = json.at("left_trace").get<std::vector<std::string>>();
  f.right_trace = json.at("right_trace").get<std::vector<std::string>>();
  f.origin = origin_of(json.at("origin"));
  f.repro_py_absent = json.at("repro_py_absent");
  f.repro_cpp_absent = json.value("repro_cpp_absent", "");
  f.repro_py_verified = json.at("repro_py_verified");
  f.candidates_tried = json.at("candidates_tried");
  return f;
}

// For people; never read back.
Json sentences_of(const Finding& finding) {
  const FindingText text = text_of(finding);
  const auto side = [](const SideText& s) {
    return Json{{"name", s.name}, {"text", s.text}, {"whole", s.whole}};
  };
  return {{"title", text.headline},  {"call", text.call},         {"where", text.where},
          {"left", side(text.left)}, {"right", side(text.right)}, {"expected", text.expected},
          {"look_at", text.look_at}};
}

}  // namespace

std::string_view name_of(Owner owner) { return owner == Owner::author ? "author" : "library"; }

std::string to_json(const Finding& f) {
  std::vector<std::string> schemas;
  for (const engine::Schema& schema : f.schemas) schemas.push_back(engine::to_string(schema));
  const Json json = {{"fingerprint", f.fingerprint},
                     {"group", f.group},
                     {"subject", f.signature.subject},
                     {"oracle", f.signature.oracle},
                     {"operator", f.signature.op},
                     {"kind", oracles::name_of(f.signature.kind)},
                     {"owner", name_of(f.owner)},
                     {"text", sentences_of(f)},
                     {"features", f.features},
                     {"known", f.known},
                     {"judgement", oracles::name_of(f.verdict.judgement)},
                     {"left_path", corpora::to_string(f.verdict.left)},
                     {"right_path", corpora::to_string(f.verdict.right)},
                     {"right_case", f.verdict.right_case},
                     {"divergence", oracles::to_json(f.verdict.divergence)},
                     {"schemas", schemas},
                     {"left_trace", f.left_trace},
                     {"right_trace", f.right_trace},
                     {"origin", json_of(f.origin)},
                     {"repro_py_absent", f.repro_py_absent},
                     {"repro_cpp_absent", f.repro_cpp_absent},
                     {"repro_py_verified", f.repro_py_verified},
                     {"candidates_tried", f.candidates_tried}};
  return print_json(json);
}

Finding finding_from_json(std::string_view text, const std::string& file) {
  const Json json = parse_json(text, file, "expected the JSON object of a finding");
  try {
    return finding_of(json);
  } catch (const Json::exception& error) {
    throw engine::InputError(file + ":1:1", fmt::format("not a finding: {}", error.what()));
  } catch (const engine::InputError& error) {
    throw engine::InputError(file + ":1:1", fmt::format("not a finding: {}", error.what()));
  }
}

}  // namespace reports
