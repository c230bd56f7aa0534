// finding.json: a finding as JSON for people and programs, and back. The case stands beside it, in
// finding.case. Lossless but for text that is not UTF-8. Reading throws
// engine::InputError("FILE:LINE:COLUMN", ...).
#pragma once

#include <string>
#include <string_view>

#include "reports/finding.h"

namespace reports {

std::string to_json(const Finding& finding);
Finding finding_from_json(std::string_view text, const std::string& file);

}  // namespace reports
