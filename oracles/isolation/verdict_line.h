// Verdicts as one line of JSON, which processes send to each other.
#pragma once

#include <string>

#include "oracles/isolation/isolated.h"

namespace oracles {

std::string to_json_line(const Verdict& verdict, const std::vector<Raise>& raises = {});
// `raises`, if not null, is replaced.
Verdict verdict_from_json_line(const std::string& line, std::vector<Raise>* raises = nullptr);

}  // namespace oracles
