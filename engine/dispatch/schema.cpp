#include "engine/dispatch/schema.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/dispatch/schema_literals.h"
#include "engine/dispatch/schema_types.h"

namespace engine {

bool Schema::is_mutable() const { return std::ranges::any_of(arguments, &Argument::is_write); }

bool Schema::has_out() const { return std::ranges::any_of(arguments, &Argument::is_out); }

bool Schema::has_any_alias() const {
  const auto annotated = [](const Argument& a) { return a.alias.has_value(); };
  return std::ranges::any_of(arguments, annotated) || std::ranges::any_of(returns, annotated);
}

bool holds_tensor(const Type& type) {
  if (type.kind == TypeKind::tensor) return true;
  if (type.kind != TypeKind::list && type.kind != TypeKind::optional) return false;
  return holds_tensor(type.element());
}

namespace {

std::string sets_text(std::vector<std::string> sets) {
  // PyTorch cannot read names after the wildcard, so the wildcard comes last.
  if (!sets.empty() && sets.front() == "*") std::rotate(sets.begin(), sets.begin() + 1, sets.end());
  return fmt::format("{}", fmt::join(sets, "|"));
}

// The annotation of a type itself, without those of its elements.
std::string annotation(const AliasInfo& alias) {
  if (alias.before.empty() && alias.after.empty())
    return alias.write && std::ranges::none_of(alias.contained, &AliasInfo::write) ? "!" : "";
  const std::string after = alias.after == alias.before ? "" : " -> " + sets_text(alias.after);
  return fmt::format("({}{}{})", sets_text(alias.before), alias.write ? "!" : "", after);
}

std::string type_text(const Type& type, const AliasInfo& alias) {
  if (type.kind == TypeKind::optional) return type_text(type.element(), alias) + "?";
  std::string elements;
  for (size_t i = 0; i < type.elements.size(); ++i) {
    if (i > 0) elements += ", ";
    elements += type_text(type.elements[i], i < alias.contained.size() ? alias.contained[i] : AliasInfo{});
  }
  if (type.kind == TypeKind::list) {
    const std::string size = type.fixed_size ? fmt::format("{}", *type.fixed_size) : "";
    return fmt::format("{}[{}]{}", elements, size, annotation(alias));
  }
  if (!elements.empty()) elements = "(" + elements + ")";
  const std::string_view name = type.name.empty() ? type_name(type.kind) : type.name;
  return fmt::format("{}{}{}", name, elements, annotation(alias));
}

std::string returns_text(const Schema& schema) {
  std::string text;
  for (const Argument& returned : schema.returns) text += (text.empty() ? "" : ", ") + to_string(returned);
  if (schema.varreturns) text += text.empty() ? "..." : ", ...";
  // A single return has no parentheses, unless it starts with one: it would be read as a list of returns.
  const size_t count = schema.returns.size() + (schema.varreturns ? 1 : 0);
  return count == 1 && text.front() != '(' ? text : "(" + text + ")";
}

}  // namespace

std::string to_string(const Type& type) { return type_text(type, AliasInfo{}); }

std::string to_string(const Argument& argument) {
  std::string text = type_text(argument.type, argument.alias.value_or(AliasInfo{}));
  if (!argument.name.empty()) text += " " + argument.name;
  if (argument.default_value) text += "=" + to_string(*argument.default_value, argument.type);
  return text;
}

std::string to_string(const Schema& schema) {
  std::vector<std::string> items;
  bool keyword_only = false;
  for (const Argument& argument : schema.arguments) {
    if (argument.keyword_only && !keyword_only) items.emplace_back("*");
    keyword_only |= argument.keyword_only;
    items.push_back(to_string(argument));
  }
  if (schema.varargs) items.emplace_back("...");
  return fmt::format("{}({}) -> {}", schema.qualified(), fmt::join(items, ", "), returns_text(schema));
}

}  // namespace engine
