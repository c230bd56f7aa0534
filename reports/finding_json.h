// finding.json: writes and reads a finding as JSON for people and programs. The case is in finding.case.
// Lossless except for text that is not UTF-8. Reading throws engine::InputError("FILE:LINE:COLUMN", ...).
#pragma once

#include <string>
#include <string_view>

#include "reports/finding.h"

namespace reports {

std::string to_json(const Finding& finding);
Finding finding_from_json(std::string_view text, const std::string& file);

}  // namespace reports
