// Arguments: converts positional and keyword arguments to the stack that an operator takes.
// Promises: fills in defaults; converts a value if the schema's type allows it (an int for a float, one int
// for an int[2], None for an optional). Refuses with Error(type): too many positional arguments, a value of a
// wrong type, a missing value, an unknown or repeated keyword. The message names the argument, its position
// and the schema.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/stack.h"
#include "engine/dispatch/schema.h"

namespace engine {

using KeywordArguments = std::vector<std::pair<std::string, Value>>;

Stack normalized(const Schema& schema, const std::vector<Value>& positional,
                 const KeywordArguments& keywords = {});

// The value as an argument of this type, if it can be one.
std::optional<Value> fitted(Value value, const Type& type);

// A default as a value. PyTorch also writes dtypes, layouts and memory formats as numbers.
Value value_of(const Literal& literal, const Type& type);

}  // namespace engine
