#include "engine/dispatch/schema_compatible.h"

#include <algorithm>

namespace engine {

namespace {

// Whether a place for `wide` takes whatever a place for `narrow` takes.
bool takes(const Type& wide, const Type& narrow) {
  if (wide == narrow || wide.kind == TypeKind::any) return true;
  if (wide.kind != TypeKind::optional) return false;
  return takes(wide.element(), narrow.kind == TypeKind::optional ? narrow.element() : narrow);
}

bool argument_is_compatible(const Argument& newer, const Argument& older) {
  if (newer.name != older.name || newer.alias != older.alias || !takes(newer.type, older.type)) return false;
  if (older.default_value && newer.default_value != older.default_value) return false;
  return older.keyword_only || !newer.keyword_only;  // what was given by place still is
}

}  // namespace

bool is_backward_compatible(const Schema& newer, const Schema& older) {
  if (newer.qualified() != older.qualified() || newer.returns.size() != older.returns.size()) return false;
  if (newer.varargs != older.varargs || newer.varreturns != older.varreturns) return false;
  for (size_t i = 0; i < older.returns.size(); ++i)
    if (!takes(older.returns[i].type, newer.returns[i].type) ||
        newer.returns[i].alias != older.returns[i].alias)
      return false;
  if (newer.arguments.size() < older.arguments.size()) return false;
  for (size_t i = 0; i < older.arguments.size(); ++i)
    if (!argument_is_compatible(newer.arguments[i], older.arguments[i])) return false;
  return std::all_of(newer.arguments.begin() + static_cast<std::ptrdiff_t>(older.arguments.size()),
                     newer.arguments.end(), [](const Argument& a) { return a.default_value.has_value(); });
}

}  // namespace engine
