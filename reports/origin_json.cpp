#include "reports/origin_json.h"

namespace reports {
namespace {

// Calls `visit` with the name and a reference of each part, for writing and reading.
void each_part(auto& origin, auto&& visit) {
  visit("rng_seed", origin.rng_seed);
  visit("index", origin.index);
  visit("subject_version", origin.subject_version);
  visit("faultline_version", origin.faultline_version);
  visit("build", origin.build);
  visit("device", origin.device);
  visit("load", origin.load);
  visit("tolerances", origin.tolerances);
  visit("plant", origin.plant);
  visit("of_author", origin.of_author);
  visit("python", origin.toolchain.python);
  visit("cpp_flags", origin.toolchain.cpp_flags);
}

}  // namespace

Json json_of(const Origin& origin) {
  Json json;
  each_part(origin, [&](const char* name, const auto& part) { json[name] = part; });
  return json;
}

Origin origin_of(const Json& json) {
  Origin origin;
  each_part(origin, [&](const char* name, auto& part) {
    if (json.contains(name)) json.at(name).get_to(part);  // older versions wrote fewer parts
  });
  return origin;
}

}  // namespace reports
