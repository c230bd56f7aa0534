// Verdicts as one line of JSON, which processes send to each other.
#pragma once

#include <string>

#include "oracles/compare/divergence.h"

namespace oracles {

std::string to_json_line(const Verdict& verdict);
Verdict verdict_from_json_line(const std::string& line);

}  // namespace oracles
