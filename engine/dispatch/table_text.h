// An operator's table and state as text, for error messages and people.
#pragma once

#include <string>

#include "engine/dispatch/operator_entry.h"

namespace engine {

// One line for each key that has a kernel: "CPU: [fallthrough ]where [kernel]".
std::string table_text(const OperatorEntry& entry);

// Schema, where it was defined, and each kernel, newest first, aliases last and marked; shadowed ones marked,
// too.
std::string state_text(const OperatorEntry& entry);

}  // namespace engine
