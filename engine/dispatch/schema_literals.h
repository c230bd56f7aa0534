// Default values in schemas: parsing, conversion to the type of the argument, printing. Refuses a default
// that the argument cannot hold, such as "int x=1.5", "bool b=1", "str s=None". PyTorch stores the default
// without a check.
#pragma once

#include <string>

#include "engine/dispatch/schema.h"
#include "engine/dispatch/schema_lexer.h"

namespace engine {

// Parses the text after "=". An integer for a float becomes a real number; one element for a list of fixed
// size is repeated.
Literal parse_default(SchemaLexer& lexer, const Type& type);

std::string to_string(const Literal& literal);
std::string to_string(const Literal& literal, const Type& type);  // the shortest text that `type` reads back

}  // namespace engine
