// The names of types in schemas.
#pragma once

#include <optional>
#include <string_view>

#include "engine/dispatch/schema.h"

namespace engine {

std::optional<TypeKind> builtin_kind(std::string_view name);  // of "Tensor", "int", "SymInt", ...
bool is_other_builtin(std::string_view name);  // a builtin type of TypeKind::named: "Capsule", ...

// A type that is written with its elements in parentheses: "Dict(str, Tensor)".
struct ContainerName {
  std::string_view name;
  TypeKind kind;
  size_t elements_min, elements_max;
};
const ContainerName* container_named(std::string_view name);  // null if there is none

// For types without a name of their own. Empty for tuples.
std::string_view type_name(TypeKind kind);

}  // namespace engine
