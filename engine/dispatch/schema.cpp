#include "engine/dispatch/schema.h"

#include <algorithm>

namespace engine {

bool Schema::is_mutable() const {
  return std::any_of(arguments.begin(), arguments.end(), [](const Argument& a) { return a.is_write(); });
}

bool Schema::has_out() const {
  return std::any_of(arguments.begin(), arguments.end(), [](const Argument& a) { return a.is_out(); });
}

bool Schema::has_any_alias() const {
  const auto annotated = [](const Argument& a) { return a.alias.has_value(); };
  return std::any_of(arguments.begin(), arguments.end(), annotated) ||
         std::any_of(returns.begin(), returns.end(), annotated);
}

bool holds_tensor(const Type& type) {
  if (type.kind == TypeKind::tensor) return true;
  if (type.kind != TypeKind::list && type.kind != TypeKind::optional) return false;
  return holds_tensor(type.element());
}

}  // namespace engine
