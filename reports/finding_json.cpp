#include "reports/finding_json.h"

#include <fmt/format.h>

#include "engine/core/input_error.h"
#include "reports/json_text.h"

namespace reports {
namespace {

Json json_of(const oracles::Divergence& d) {
  return {{"where", d.where},
          {"operator", d.op},
          {"call", d.call},
          {"left", d.left},
          {"right", d.right},
          {"left_all", d.left_all},
          {"right_all", d.right_all},
          {"tier", oracles::name_of(d.tier)},
          {"difference", number_json(d.difference)},
          {"bound", number_json(d.bound)},
          {"bound_reason", d.bound_reason},
          {"note", d.note},
          {"uninitialised", d.uninitialised}};
}

Json json_of(const Origin& o) {
  return {{"rng_seed", o.rng_seed},
          {"index", o.index},
          {"subject_version", o.subject_version},
          {"faultline_version", o.faultline_version},
          {"build", o.build},
          {"device", o.device},
          {"load", o.load}};
}

oracles::Tier tier_named(const std::string& name) {
  using oracles::Tier;
  for (Tier tier : {Tier::t0, Tier::t1, Tier::t2, Tier::t3, Tier::t4})
    if (oracles::name_of(tier) == name) return tier;
  return Tier::none;
}

oracles::Judgement judgement_named(const std::string& name) {
  using oracles::Judgement;
  for (Judgement j : {Judgement::crash, Judgement::timeout, Judgement::memory})
    if (oracles::name_of(j) == name) return j;
  return Judgement::differ;
}

oracles::Divergence divergence_of(const Json& json, oracles::Kind kind) {
  oracles::Divergence d;
  d.kind = kind;
  d.where = json.at("where");
  d.op = json.at("operator");
  d.call = json.at("call");
  d.left = json.at("left");
  d.right = json.at("right");
  d.left_all = json.at("left_all");
  d.right_all = json.at("right_all");
  d.tier = tier_named(json.at("tier"));
  d.difference = number_from(json.at("difference"));
  d.bound = number_from(json.at("bound"));
  d.bound_reason = json.at("bound_reason");
  d.note = json.at("note");
  d.uninitialised = json.at("uninitialised");
  return d;
}

Origin origin_of(const Json& json) {
  Origin o;
  o.rng_seed = json.at("rng_seed");
  o.index = json.at("index");
  o.subject_version = json.at("subject_version");
  o.faultline_version = json.at("faultline_version");
  o.build = json.at("build");
  o.device = json.at("device");
  o.load = json.at("load").get<std::vector<std::string>>();
  return o;
}

Finding finding_of(const Json& json) {
  Finding f;
  f.fingerprint = json.at("fingerprint");
  f.group = json.at("group");
  f.signature.subject = json.at("subject");
  f.signature.oracle = json.at("oracle");
  f.signature.op = json.at("operator");
  if (!oracles::kind_named(json.at("kind").get<std::string>(), f.signature.kind))
    throw engine::InputError("", "unknown kind " + json.at("kind").get<std::string>());
  f.features = json.at("features").get<std::vector<std::string>>();
  f.known = json.at("known");
  f.verdict.judgement = judgement_named(json.at("judgement"));
  f.verdict.left = corpora::parse_path(json.at("left_path").get<std::string>());
  f.verdict.right = corpora::parse_path(json.at("right_path").get<std::string>());
  f.verdict.right_case = json.at("right_case");
  f.verdict.divergence = divergence_of(json.at("divergence"), f.signature.kind);
  for (const Json& text : json.at("schemas"))
    f.schemas.push_back(engine::parse_schema(text.get<std::string>()));
  f.left_trace = json.at("left_trace").get<std::vector<std::string>>();
  f.right_trace = json.at("right_trace").get<std::vector<std::string>>();
  f.origin = origin_of(json.at("origin"));
  f.repro_py_absent = json.at("repro_py_absent");
  f.repro_py_verified = json.at("repro_py_verified");
  f.candidates_tried = json.at("candidates_tried");
  return f;
}

}  // namespace

std::string to_json(const Finding& f) {
  std::vector<std::string> schemas;
  for (const engine::Schema& schema : f.schemas) schemas.push_back(engine::to_string(schema));
  const Json json = {{"fingerprint", f.fingerprint},
                     {"group", f.group},
                     {"subject", f.signature.subject},
                     {"oracle", f.signature.oracle},
                     {"operator", f.signature.op},
                     {"kind", oracles::name_of(f.signature.kind)},
                     {"features", f.features},
                     {"known", f.known},
                     {"judgement", oracles::name_of(f.verdict.judgement)},
                     {"left_path", corpora::to_string(f.verdict.left)},
                     {"right_path", corpora::to_string(f.verdict.right)},
                     {"right_case", f.verdict.right_case},
                     {"divergence", json_of(f.verdict.divergence)},
                     {"schemas", schemas},
                     {"left_trace", f.left_trace},
                     {"right_trace", f.right_trace},
                     {"origin", json_of(f.origin)},
                     {"repro_py_absent", f.repro_py_absent},
                     {"repro_py_verified", f.repro_py_verified},
                     {"candidates_tried", f.candidates_tried}};
  return print_json(json);
}

Finding finding_from_json(std::string_view text, const std::string& file) {
  const Json json = parse_json(text, file, "a finding.json is one JSON object");
  try {
    return finding_of(json);
  } catch (const Json::exception& error) {
    throw engine::InputError(file + ":1:1", fmt::format("no finding: {}", error.what()));
  } catch (const engine::InputError& error) {
    throw engine::InputError(file + ":1:1", fmt::format("no finding: {}", error.what()));
  }
}

}  // namespace reports
