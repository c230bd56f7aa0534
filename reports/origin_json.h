// The origin of a finding or of a raw detection as JSON: every part, so that what a later process reads is
// what the campaign knew.
#pragma once

#include "reports/finding.h"
#include "reports/json_text.h"

namespace reports {

Json json_of(const Origin& origin);
// Parts that the text lacks keep their defaults: older versions wrote fewer parts. Throws a JSON exception
// for a part of another type.
Origin origin_of(const Json& json);

}  // namespace reports
