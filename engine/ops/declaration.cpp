#include "engine/ops/declaration.h"

#include <algorithm>
#include <map>
#include <mutex>

#include "engine/dispatch/schema_parser.h"

namespace engine::ops {

namespace {

const Family* first_family = nullptr;

}  // namespace

const std::string& OperatorDeclaration::schema(Form form) const {
  if (form == Form::functional) return functional;
  return form == Form::in_place ? in_place : out;
}

std::vector<Form> OperatorDeclaration::forms() const {
  std::vector<Form> all;
  for (const Form form : {Form::functional, Form::in_place, Form::out})
    if (!schema(form).empty()) all.push_back(form);
  return all;
}

OperatorDeclaration named(const FormNames& names, OperatorDeclaration rest) {
  const auto dotted = [](const std::string& overload) { return overload.empty() ? "" : "." + overload; };
  const bool qualified = names.name.find("::") != std::string::npos;
  const std::string name = qualified ? names.name : "aten::" + names.name;
  rest.functional = name + dotted(names.overload) + "(" + names.arguments + ") -> Tensor";
  if (names.in_place) {
    const std::string written = "Tensor(a!)" + names.arguments.substr(std::string_view("Tensor").size());
    rest.in_place = name + "_" + dotted(names.overload) + "(" + written + ") -> Tensor(a!)";
  }
  if (names.out) {
    const bool keywords = names.arguments.find("*, ") != std::string::npos;
    rest.out = name + dotted(names.out_overload) + "(" + names.arguments + (keywords ? ", " : ", *, ") +
               "Tensor(a!) out) -> Tensor(a!)";
  }
  return rest;
}

Family::Family(std::vector<OperatorDeclaration> declarations)
    : declarations_(std::move(declarations)), next_(first_family) {
  first_family = this;
}

std::vector<const OperatorDeclaration*> all_declarations() {
  std::vector<const OperatorDeclaration*> all;
  for (const Family* family = first_family; family; family = family->next())
    for (const OperatorDeclaration& declaration : family->declarations()) all.push_back(&declaration);
  std::sort(all.begin(), all.end(), [](const OperatorDeclaration* a, const OperatorDeclaration* b) {
    return a->schema(a->forms().front()) < b->schema(b->forms().front());
  });
  return all;
}

DeclaredForm declared_form(std::string_view qualified) {
  static std::mutex mutex;
  static std::map<std::string, DeclaredForm, std::less<>> by_name;
  static const Family* newest = nullptr;  // of those in by_name: a plug-in adds families
  const std::lock_guard lock(mutex);
  if (newest != first_family) {
    for (const OperatorDeclaration* declaration : all_declarations())
      for (const Form form : declaration->forms())
        by_name[parse_schema(declaration->schema(form)).qualified()] = {declaration, form};
    newest = first_family;
  }
  const auto found = by_name.find(qualified);
  return found == by_name.end() ? DeclaredForm{} : found->second;
}

}  // namespace engine::ops
