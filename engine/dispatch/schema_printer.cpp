#include <fmt/format.h>

#include <algorithm>

#include "engine/dispatch/schema.h"
#include "engine/dispatch/schema_literals.h"
#include "engine/dispatch/schema_types.h"

namespace engine {

namespace {

// The wildcard comes last: PyTorch cannot read names after it.
std::string sets_text(const std::vector<std::string>& sets) {
  std::string text;
  bool wildcard = false;
  for (const std::string& set : sets) {
    wildcard |= set == "*";
    if (set != "*") text += (text.empty() ? "" : "|") + set;
  }
  if (wildcard) text += text.empty() ? "*" : "|*";
  return text;
}

// What stands behind a type for its own sets; what its elements are annotated with stands behind them.
std::string annotation(const AliasInfo& alias) {
  if (alias.before.empty() && alias.after.empty()) {
    const bool written_inside = std::any_of(alias.contained.begin(), alias.contained.end(),
                                            [](const AliasInfo& inner) { return inner.write; });
    return alias.write && !written_inside ? "!" : "";
  }
  const std::string after = alias.after == alias.before ? "" : " -> " + sets_text(alias.after);
  return fmt::format("({}{}{})", sets_text(alias.before), alias.write ? "!" : "", after);
}

std::string type_text(const Type& type, const AliasInfo& alias);

std::string elements_text(const Type& type, const AliasInfo& alias) {
  std::string text;
  for (size_t i = 0; i < type.elements.size(); ++i) {
    if (i > 0) text += ", ";
    text += type_text(type.elements[i], i < alias.contained.size() ? alias.contained[i] : AliasInfo{});
  }
  return text;
}

std::string type_text(const Type& type, const AliasInfo& alias) {
  switch (type.kind) {
    case TypeKind::optional:
      return type_text(type.element(), alias) + "?";
    case TypeKind::list: {
      const std::string size = type.fixed_size ? fmt::format("{}", *type.fixed_size) : "";
      return fmt::format("{}[{}]{}", elements_text(type, alias), size, annotation(alias));
    }
    case TypeKind::tuple:
      return "(" + elements_text(type, alias) + ")" + annotation(alias);
    case TypeKind::dict:
      return "Dict(" + elements_text(type, alias) + ")" + annotation(alias);
    case TypeKind::future:
      return "Future(" + elements_text(type, alias) + ")" + annotation(alias);
    case TypeKind::union_of:
      return "Union(" + elements_text(type, alias) + ")" + annotation(alias);
    case TypeKind::variable:
      return type.name + annotation(alias);
    case TypeKind::named:
      if (type.elements.empty()) return type.name + annotation(alias);
      return type.name + "(" + elements_text(type, alias) + ")" + annotation(alias);
    default:
      return std::string(builtin_name(type.kind)) + annotation(alias);
  }
}

std::string returns_text(const Schema& schema) {
  std::string text;
  for (const Argument& returned : schema.returns) text += (text.empty() ? "" : ", ") + to_string(returned);
  if (schema.varreturns) text += text.empty() ? "..." : ", ...";
  // A single return stands alone, unless it would be read as a list of returns.
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
  std::string text;
  bool keyword_only = false;
  const auto add = [&](const std::string& item) { text += (text.empty() ? "" : ", ") + item; };
  for (const Argument& argument : schema.arguments) {
    if (argument.keyword_only && !keyword_only) add("*");
    keyword_only |= argument.keyword_only;
    add(to_string(argument));
  }
  if (schema.varargs) add("...");
  return fmt::format("{}({}) -> {}", schema.qualified(), text, returns_text(schema));
}

}  // namespace engine
