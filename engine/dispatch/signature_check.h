// Comparison of C++ signatures with schemas and with each other. Counts and types are compared, in the order
// of the schema; names, defaults and annotations are not part of a C++ type.
#pragma once

#include <string>

#include "engine/dispatch/kernel.h"

namespace engine {

// The first difference: "argument 1 'other' is int, and in the schema Tensor". Empty if the signature fits.
std::string signature_fault(const Schema& schema, const CppSignature& signature);

bool same_signature(const CppSignature& a, const CppSignature& b);
std::string to_string(const CppSignature& signature);  // demangled

}  // namespace engine
