// Arguments: what a caller wrote, positionally and by keyword, as the stack that a schema asks for.
// Promises: defaults are filled in; a value is fitted where the schema's type allows it (an int for a float,
// one int for an int[2], None for an optional). Refuses with Error(type): too many positional arguments, a
// value of another type, a missing value, an unknown or repeated keyword; the message names the argument, its
// place and the schema.
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

Stack normalized(const Schema& schema, std::vector<Value> positional, KeywordArguments keywords = {});

// The value as an argument of this type; nothing when it cannot be one.
std::optional<Value> fitted(Value value, const Type& type);

// A default as a value. PyTorch writes dtypes, layouts and memory formats as numbers, too.
Value value_of(const Literal& literal, const Type& type);

}  // namespace engine
