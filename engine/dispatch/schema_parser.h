// parse_schema: reads PyTorch's schema grammar. Refuses malformed text with an InputError whose `where` is
// "schema:LINE:COLUMN" of the first error. Depth and sizes are bounded, so that no text exhausts memory or
// stack.
#pragma once

#include <string_view>

#include "engine/dispatch/schema.h"

namespace engine {

Schema parse_schema(std::string_view text);

}  // namespace engine
