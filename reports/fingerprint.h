// Fingerprint: a hash of signature and features; two findings with the same fingerprint are the same. The
// group hash leaves the operator out, because one cause may show in many operators. 16 hex digits each, the
// same on every machine and in every build.
#pragma once

#include <string>
#include <vector>

#include "oracles/compare/divergence.h"

namespace reports {

std::string fingerprint_of(const oracles::Signature& signature, const std::vector<std::string>& features);
std::string group_of(const oracles::Signature& signature, const std::vector<std::string>& features);

}  // namespace reports
