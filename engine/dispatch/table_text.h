// An operator's dispatch table as text, for error messages.
#pragma once

#include <string>

#include "engine/dispatch/operator_entry.h"

namespace engine {

// One line for each key that has a kernel: "CPU: [fallthrough ]where [kernel]".
std::string table_text(const OperatorEntry& entry);

}  // namespace engine
