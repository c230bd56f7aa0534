// Default values of a schema's arguments: reading them, fitting them to the argument's type, printing them.
// PyTorch stores what is written without a look at the type; here a default that its argument could never
// hold is refused where it stands: "int x=1.5", "bool b=1", "str s=None".
#pragma once

#include <string>

#include "engine/dispatch/schema.h"
#include "engine/dispatch/schema_lexer.h"

namespace engine {

// What follows "=". An integer for a float becomes a real; one element for a sized list is repeated.
Literal parse_default(SchemaLexer& lexer, const Type& type);

std::string to_string(const Literal& literal);
std::string to_string(const Literal& literal, const Type& type);  // the shortest form that `type` reads back

}  // namespace engine
