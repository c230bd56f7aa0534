#include "engine/dispatch/schema_types.h"

#include <algorithm>
#include <array>

namespace engine {

namespace {

struct TypeName {
  std::string_view name;
  TypeKind kind;
};

// The first name of a kind is the one printed.
constexpr std::array<TypeName, 21> type_names{{
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

constexpr std::array<ContainerName, 5> containers{{{"Dict", TypeKind::dict, 2, 2},
                                                   {"Future", TypeKind::future, 1, 1},
                                                   {"Union", TypeKind::union_of, 1, SIZE_MAX},
                                                   {"RRef", TypeKind::named, 1, 1},
                                                   {"Await", TypeKind::named, 1, 1}}};

}  // namespace

std::optional<TypeKind> builtin_kind(std::string_view name) {
  for (const TypeName& each : type_names)
    if (each.name == name) return each.kind;
  return std::nullopt;
}

bool is_other_builtin(std::string_view name) {
  return std::ranges::find(other_builtins, name) != other_builtins.end();
}

const ContainerName* container_named(std::string_view name) {
  const auto* const found = std::ranges::find(containers, name, &ContainerName::name);
  return found == containers.end() ? nullptr : found;
}

std::string_view type_name(TypeKind kind) {
  for (const TypeName& each : type_names)
    if (each.kind == kind) return each.name;
  for (const ContainerName& each : containers)
    if (each.kind == kind) return each.name;
  return {};
}

}  // namespace engine
