#include "oracles/compare/divergence_json.h"

#include <cmath>
#include <cstdlib>

namespace oracles {

using Json = nlohmann::ordered_json;

Json number_json(double x) {
  if (std::isfinite(x)) return x;
  return std::isnan(x) ? "nan" : x > 0 ? "inf" : "-inf";
}

double number_from(const Json& json) {
  if (json.is_string()) return std::strtod(json.get_ref<const std::string&>().c_str(), nullptr);
  return json.get<double>();
}

Json to_json(const Divergence& d) {
  return {{"where", d.where},
          {"operator", d.op},
          {"call", d.call},
          {"left", d.left},
          {"right", d.right},
          {"left_all", d.left_all},
          {"right_all", d.right_all},
          {"tier", name_of(d.tier)},
          {"difference", number_json(d.difference)},
          {"bound", number_json(d.bound)},
          {"bound_reason", d.bound_reason},
          {"note", d.note},
          {"uninitialised", d.uninitialised}};
}

namespace {

Tier tier_named(const std::string& name) {
  for (Tier tier : {Tier::t0, Tier::t1, Tier::t2, Tier::t3, Tier::t4})
    if (name_of(tier) == name) return tier;
  return Tier::none;
}

}  // namespace

Divergence divergence_from(const Json& json, Kind kind) {
  Divergence d;
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

}  // namespace oracles
