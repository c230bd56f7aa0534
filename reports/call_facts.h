// Facts: what known entries can require of the failing call besides features. They are not part of the
// fingerprint, because the minimal case and the schema imply them.
//
//   written:first-result       the path transforms an argument that the call writes and, by its schema,
//   returns
//                              first
//   written:not-first-result   ... and does not return first
//   written:list               the call writes the tensors of a list, by its schema
//   returns:list               it returns a list
#pragma once

#include <string>
#include <vector>

#include "reports/finding.h"

namespace reports {

std::vector<std::string> call_facts(const Finding& finding);

}  // namespace reports
