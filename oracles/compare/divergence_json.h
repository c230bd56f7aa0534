// A divergence as JSON, the same in finding.json and between processes. The kind is not part of it: both
// write it beside. Infinities and NaN, for which JSON has no words, go as text.
#pragma once

#include <nlohmann/json.hpp>

#include "oracles/compare/divergence.h"

namespace oracles {

nlohmann::ordered_json to_json(const Divergence& divergence);
// Throws nlohmann's exception for anything but what to_json wrote.
Divergence divergence_from(const nlohmann::ordered_json& json, Kind kind);

nlohmann::ordered_json number_json(double x);
double number_from(const nlohmann::ordered_json& json);

}  // namespace oracles
