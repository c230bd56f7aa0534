#include "engine/dispatch/schema_types.h"

#include <algorithm>
#include <array>

namespace engine {

namespace {

struct Spelling {
  std::string_view name;
  TypeKind kind;
};

// The first spelling of a kind is the one printed.
constexpr std::array<Spelling, 21> spellings{{
    {"Tensor", TypeKind::tensor},
    {"int", TypeKind::integer},
    {"SymInt", TypeKind::sym_int},
    {"float", TypeKind::real},
    {"bool", TypeKind::boolean},
    {"complex", TypeKind::complex},
    {"Scalar", TypeKind::number},
    {"str", TypeKind::string},
    {"ScalarType", TypeKind::scalar_type},
    {"Layout", TypeKind::layout},
    {"MemoryFormat", TypeKind::memory_format},
    {"Device", TypeKind::device},
    {"Generator", TypeKind::generator},
    {"Storage", TypeKind::storage},
    {"Stream", TypeKind::stream},
    {"Dimname", TypeKind::dimname},
    {"QScheme", TypeKind::qscheme},
    {"Quantizer", TypeKind::quantizer},
    {"Any", TypeKind::any},
    {"NoneType", TypeKind::none},
    {"None", TypeKind::none},
}};

constexpr std::array<std::string_view, 9> other_builtins{"AnyClassType", "AnyEnumType", "AnyListType",
                                                         "AnyTupleType", "Capsule",     "ConstQuantizerPtr",
                                                         "DeviceIndex",  "SymBool",     "SymFloat"};

}  // namespace

std::optional<TypeKind> builtin_kind(std::string_view name) {
  for (const Spelling& spelling : spellings)
    if (spelling.name == name) return spelling.kind;
  return std::nullopt;
}

std::string_view builtin_name(TypeKind kind) {
  for (const Spelling& spelling : spellings)
    if (spelling.kind == kind) return spelling.name;
  return {};
}

bool is_other_builtin(std::string_view name) {
  return std::find(other_builtins.begin(), other_builtins.end(), name) != other_builtins.end();
}

}  // namespace engine
