#include "engine/dispatch/schema_compatibility.h"

#include <fmt/format.h>

#include <algorithm>

namespace engine {

namespace {

// The types that a Scalar accepts. bool is not one of them, as in PyTorch.
bool is_number(TypeKind kind) {
  return kind == TypeKind::integer || kind == TypeKind::real || kind == TypeKind::complex;
}

// Compares two declarations of one argument or result, of which one must accept all types of the other.
std::string incompatibility(const Argument& wider, const Argument& narrower, const std::string& what) {
  if (wider.name != narrower.name) return fmt::format("{} was named '{}'", what, narrower.name);
  if (wider.alias != narrower.alias) return fmt::format("{} had a different annotation", what);
  if (!is_subtype(narrower.type, wider.type))
    return fmt::format("{}: {} is not always {}", what, to_string(narrower.type), to_string(wider.type));
  return {};
}

std::string argument_incompatibility(const Argument& newer, const Argument& older) {
  const std::string what = "argument '" + newer.name + "'";
  if (std::string fault = incompatibility(newer, older, what); !fault.empty()) return fault;
  if (newer.keyword_only && !older.keyword_only) return what + " could be given by position";
  if (older.default_value && newer.default_value != older.default_value)
    return what + " had a different default";
  return {};
}

size_t first_out(const std::vector<Argument>& arguments) {
  return static_cast<size_t>(std::ranges::find_if(arguments, &Argument::is_out) - arguments.begin());
}

}  // namespace

bool is_subtype(const Type& type, const Type& wider) {
  if (type == wider || wider.kind == TypeKind::any) return true;
  if (wider.kind == TypeKind::optional)
    return type.kind == TypeKind::none ||
           is_subtype(type.kind == TypeKind::optional ? type.element() : type, wider.element());
  if (wider.kind == TypeKind::number) return is_number(type.kind);
  // The element types must be equal, because a caller may read from a list that the operator writes. A fixed
  // size lets callers pass one element, so it must not be lost.
  if (wider.kind == TypeKind::list && type.kind == TypeKind::list)
    return type.element() == wider.element() && (!type.fixed_size || type.fixed_size == wider.fixed_size);
  if (wider.kind == TypeKind::tuple && type.kind == TypeKind::tuple)
    return std::ranges::equal(type.elements, wider.elements, is_subtype);
  if (type.kind == TypeKind::union_of)
    return std::ranges::all_of(type.elements, [&](const Type& each) { return is_subtype(each, wider); });
  if (wider.kind == TypeKind::union_of)
    return std::ranges::any_of(wider.elements, [&](const Type& each) { return is_subtype(type, each); });
  return false;
}

std::string incompatibility(const Schema& newer, const Schema& older) {
  if (newer.qualified() != older.qualified()) return "the operator was " + older.qualified();
  if (newer.varargs != older.varargs || newer.varreturns != older.varreturns)
    return "'...' was added or removed";
  if (newer.returns.size() != older.returns.size())
    return fmt::format("there were {} results", older.returns.size());
  for (size_t i = 0; i < older.returns.size(); ++i)
    if (std::string fault = incompatibility(older.returns[i], newer.returns[i], fmt::format("result {}", i));
        !fault.empty())
      return fault;

  const size_t newer_out = first_out(newer.arguments);
  const size_t older_out = first_out(older.arguments);
  if (newer_out < older_out || newer.arguments.size() - newer_out != older.arguments.size() - older_out)
    return "there are fewer arguments, or different out= arguments";
  for (size_t i = 0; i < older.arguments.size(); ++i) {
    const size_t at = i < older_out ? i : i - older_out + newer_out;
    if (std::string fault = argument_incompatibility(newer.arguments[at], older.arguments[i]); !fault.empty())
      return fault;
  }
  for (size_t i = older_out; i < newer_out; ++i)
    if (!newer.arguments[i].default_value)
      return fmt::format("argument '{}' is new and has no default", newer.arguments[i].name);
  return {};
}

}  // namespace engine
