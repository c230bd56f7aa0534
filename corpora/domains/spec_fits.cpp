#include "corpora/domains/spec_fits.h"

#include <algorithm>

namespace corpora {
namespace {

using engine::Type;
using engine::TypeKind;

bool takes_integer(const Type& type) {
  return type.kind == TypeKind::integer || type.kind == TypeKind::sym_int || type.kind == TypeKind::number ||
         type.kind == TypeKind::real || type.kind == TypeKind::qscheme ||
         type.kind == TypeKind::scalar_type || type.kind == TypeKind::any;
}

bool is_integer_list(const Type& type) {
  return type.kind == TypeKind::list &&
         (type.element().kind == TypeKind::integer || type.element().kind == TypeKind::sym_int);
}

bool takes_real(const Type& type) {
  return type.kind == TypeKind::real || type.kind == TypeKind::number || type.kind == TypeKind::any;
}

bool takes_literal(const Value& value, const Type& type) {
  switch (value.kind) {
    case ValueKind::string:
      return type.kind == TypeKind::string || type.kind == TypeKind::dimname ||
             type.kind == TypeKind::layout || type.kind == TypeKind::memory_format ||
             type.kind == TypeKind::device || type.kind == TypeKind::any;
    case ValueKind::boolean:
      return type.kind == TypeKind::boolean || type.kind == TypeKind::number;
    case ValueKind::dtype:
      return type.kind == TypeKind::scalar_type;
    default:
      return takes_real(type);
  }
}

bool all_fit(const std::vector<Spec>& specs, const Type& type) {
  return std::ranges::all_of(specs, [&](const Spec& spec) { return fits(spec, type); });
}

bool elements_fit(const Spec& spec, const Type& type) {
  if (type.kind != TypeKind::list) return false;
  if (spec.kind == Spec::Kind::sequence) return all_fit(spec.parts, type.element());
  return fits(spec.parts[1], type.element());
}

}  // namespace

bool fits(const Spec& spec, const Type& type) {
  using Kind = Spec::Kind;
  if (spec.kind == Kind::one_of || spec.kind == Kind::maybe) return all_fit(spec.parts, type);
  if (spec.kind == Kind::any || spec.kind == Kind::preset) return true;
  if (type.kind == TypeKind::optional) return spec.kind == Kind::absent || fits(spec, type.element());
  switch (spec.kind) {
    case Kind::absent:
    case Kind::undefined:
    case Kind::tensor:
    case Kind::result:
      return type.kind == TypeKind::tensor || (type.kind == TypeKind::storage && spec.kind == Kind::tensor);
    case Kind::boolean:
      return type.kind == TypeKind::boolean || type.kind == TypeKind::number;
    case Kind::literal:
      return takes_literal(spec.value, type);
    case Kind::reals:
      return takes_real(type) || (type.kind == TypeKind::list && takes_real(type.element()));
    case Kind::sequence:
    case Kind::repeated:
      return elements_fit(spec, type);
    case Kind::sizes:
      return is_integer_list(type);
    case Kind::integers:
    case Kind::dim:
    case Kind::dims:
    case Kind::permutation:
      return takes_integer(type) || is_integer_list(type);
    case Kind::dtype:
      return type.kind == TypeKind::scalar_type;
    default:
      return false;
  }
}

}  // namespace corpora
