// Does a C++ signature do what a schema says? Counts and types are compared, in the order of the schema;
// names, defaults and annotations are not part of a C++ type.
#pragma once

#include <string>

#include "engine/dispatch/kernel.h"

namespace engine {

// Empty when they fit; else the first difference: "argument 1 is int, and the schema's 'other' is Tensor".
std::string signature_fault(const Schema& schema, const CppSignature& signature);

}  // namespace engine
