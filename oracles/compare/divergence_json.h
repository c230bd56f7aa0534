// A divergence as JSON, in finding.json and between processes: data only, no sentences. The kind is not part
// of it: callers write it separately. Elements, infinities and NaN are strings.
#pragma once

#include <nlohmann/json.hpp>

#include "oracles/compare/divergence.h"

namespace oracles {

nlohmann::ordered_json to_json(const Divergence& divergence);
// Throws an exception of nlohmann-json or engine::InputError for anything that to_json does not write.
Divergence divergence_from(const nlohmann::ordered_json& json, Kind kind);

nlohmann::ordered_json number_json(double x);
double number_from(const nlohmann::ordered_json& json);

}  // namespace oracles
