// Fingerprint: the key under which two findings are the same, over what went wrong and what it takes to see
// it. The group leaves the operator out: one cause that shows in many operators is one group. 16 hex digits
// each, the same on every machine and in every build.
#pragma once

#include <string>
#include <vector>

#include "oracles/compare/divergence.h"

namespace reports {

std::string fingerprint_of(const oracles::Signature& signature, const std::vector<std::string>& features);
std::string group_of(const oracles::Signature& signature, const std::vector<std::string>& features);

}  // namespace reports
