// Conversion of values to the types of arguments: an int for a float, one int for an int[2], None for an
// optional.
#pragma once

#include <optional>

#include "engine/core/value.h"
#include "engine/dispatch/schema.h"

namespace engine {

// The value as an argument of this type, if it can be one.
std::optional<Value> fitted(Value value, const Type& type);

// A default as a value. PyTorch also writes dtypes, layouts and memory formats as numbers.
Value value_of(const Literal& literal, const Type& type);

}  // namespace engine
