// Verdicts as one line of JSON. Numbers go as text, so that infinities and NaN survive.
#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "oracles/isolated.h"

namespace oracles {
namespace {

using Json = nlohmann::ordered_json;

std::string exact(double x) { return fmt::format("{:a}", x); }
double number_of(const Json& json) {
  return std::strtod(json.get_ref<const std::string&>().c_str(), nullptr);
}

Json json_of(const Divergence& d) {
  return {{"kind", static_cast<int>(d.kind)},
          {"op", d.op},
          {"call", d.call},
          {"where", d.where},
          {"left", d.left},
          {"right", d.right},
          {"left_all", d.left_all},
          {"right_all", d.right_all},
          {"tier", static_cast<int>(d.tier)},
          {"difference", exact(d.difference)},
          {"bound", exact(d.bound)},
          {"bound_reason", d.bound_reason},
          {"note", d.note},
          {"uninitialised", d.uninitialised}};
}

Divergence divergence_of(const Json& json) {
  Divergence d;
  d.kind = static_cast<Kind>(json.at("kind").get<int>());
  d.op = json.at("op");
  d.call = json.at("call");
  d.where = json.at("where");
  d.left = json.at("left");
  d.right = json.at("right");
  d.left_all = json.at("left_all");
  d.right_all = json.at("right_all");
  d.tier = static_cast<Tier>(json.at("tier").get<int>());
  d.difference = number_of(json.at("difference"));
  d.bound = number_of(json.at("bound"));
  d.bound_reason = json.at("bound_reason");
  d.note = json.at("note");
  d.uninitialised = json.at("uninitialised");
  return d;
}

}  // namespace

std::string to_json_line(const Verdict& verdict) {
  Json json = {{"judgement", static_cast<int>(verdict.judgement)},
               {"why", verdict.why},
               {"left", corpora::to_string(verdict.left)},
               {"right", corpora::to_string(verdict.right)},
               {"reach", verdict.reach},
               {"worst_share", exact(verdict.worst_share)},
               {"right_case", verdict.right_case}};
  if (verdict.is_detection()) json["divergence"] = json_of(verdict.divergence);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Verdict verdict_from_json_line(const std::string& line) {
  const Json json = Json::parse(line);
  Verdict verdict;
  verdict.judgement = static_cast<Judgement>(json.at("judgement").get<int>());
  verdict.why = json.at("why");
  verdict.left = corpora::parse_path(json.at("left").get<std::string>());
  verdict.right = corpora::parse_path(json.at("right").get<std::string>());
  verdict.reach = json.at("reach");
  verdict.worst_share = number_of(json.at("worst_share"));
  verdict.right_case = json.at("right_case");
  if (const auto found = json.find("divergence"); found != json.end())
    verdict.divergence = divergence_of(*found);
  return verdict;
}

}  // namespace oracles
