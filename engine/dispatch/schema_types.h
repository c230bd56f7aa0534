// The spelling of the types that a schema can name, and back. Containers and type variables are the parser's.
#pragma once

#include <optional>
#include <string_view>

#include "engine/dispatch/schema.h"

namespace engine {

std::optional<TypeKind> builtin_kind(std::string_view name);  // of "Tensor", "int", "SymInt", ...
std::string_view builtin_name(TypeKind kind);                 // empty when the kind has no one name

// Builtins that stand for themselves only (TypeKind::named), such as Capsule.
bool is_other_builtin(std::string_view name);

}  // namespace engine
