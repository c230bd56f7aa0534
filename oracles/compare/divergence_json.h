// A divergence as JSON, the same in finding.json and between processes: its data without a sentence. The kind
// is not part of it: both write it next to it. Elements and numbers for which JSON has no form (infinities,
// NaN) are strings.
#pragma once

#include <nlohmann/json.hpp>

#include "oracles/compare/divergence.h"

namespace oracles {

nlohmann::ordered_json to_json(const Divergence& divergence);
// Throws nlohmann's exception or engine::InputError for anything that to_json does not write.
Divergence divergence_from(const nlohmann::ordered_json& json, Kind kind);

nlohmann::ordered_json number_json(double x);
double number_from(const nlohmann::ordered_json& json);

}  // namespace oracles
