#include "corpora/case/call_fits.h"

#include <fmt/format.h>

#include <algorithm>

#include "corpora/case/case_defaults.h"

namespace corpora {
namespace {

using engine::Type;
using engine::TypeKind;

bool is_number(const Value& value) {
  return value.kind == ValueKind::integer || value.kind == ValueKind::real ||
         value.kind == ValueKind::boolean || value.kind == ValueKind::complex;
}

bool accepts(const Type& type, const Value& value);

bool accepts_list(const Type& type, const Value& value) {
  if (value.kind == ValueKind::list)
    return (value.list.empty() || value.list.size() >= min_elements(type)) &&
           std::ranges::all_of(value.list, [&](const Value& one) { return accepts(type.element(), one); });
  return type.fixed_size && accepts(type.element(), value);  // a number that counts for all elements
}

bool accepts_word(const Value& value, ValueKind kind) {
  return value.kind == kind || value.kind == ValueKind::string || value.kind == ValueKind::integer;
}

bool accepts(const Type& type, const Value& value) {
  switch (type.kind) {
    case TypeKind::tensor:
      return value.kind == ValueKind::tensor || value.kind == ValueKind::undefined || is_number(value);
    case TypeKind::storage:
      return value.kind == ValueKind::tensor;
    case TypeKind::integer:
    case TypeKind::sym_int:
    case TypeKind::qscheme:
    case TypeKind::boolean:
      return value.kind == ValueKind::integer || value.kind == ValueKind::boolean;
    case TypeKind::real:
      return is_number(value) && value.kind != ValueKind::complex;
    case TypeKind::number:
    case TypeKind::complex:
      return is_number(value);
    case TypeKind::string:
      return value.kind == ValueKind::string;
    case TypeKind::dimname:
      return value.kind == ValueKind::string || value.kind == ValueKind::none;
    case TypeKind::scalar_type:
      return value.kind == ValueKind::dtype || value.kind == ValueKind::integer;
    case TypeKind::layout:
      return accepts_word(value, ValueKind::layout);
    case TypeKind::memory_format:
      return accepts_word(value, ValueKind::memory_format);
    case TypeKind::device:
      return accepts_word(value, ValueKind::device);
    case TypeKind::generator:
    case TypeKind::stream:
      return value.kind == ValueKind::none;
    case TypeKind::optional:
      return value.kind == ValueKind::none || value.kind == ValueKind::undefined ||
             accepts(type.element(), value);
    case TypeKind::list:
      return accepts_list(type, value);
    default:
      return true;  // what the subject makes of other types is its own matter
  }
}

}  // namespace

std::string misfit(const Call& call, const engine::Schema& schema) {
  if (call.arguments.size() != schema.arguments.size())
    return fmt::format("{} takes {} arguments, but {} are given", call.op, schema.arguments.size(),
                       call.arguments.size());
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    const engine::Argument& declared = schema.arguments[i];
    if (!call.names.empty() && call.names[i] != declared.name)
      return fmt::format("argument {} of {} is called '{}', not '{}'", i + 1, call.op, declared.name,
                         call.names[i]);
    if (!accepts(declared.type, call.arguments[i]))
      return fmt::format("argument '{}' of {} must be {}", declared.name, call.op,
                         engine::to_string(declared.type));
  }
  return {};
}

}  // namespace corpora
