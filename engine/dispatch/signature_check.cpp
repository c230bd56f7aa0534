#include "engine/dispatch/signature_check.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "engine/dispatch/schema.h"

namespace engine {

namespace {

// The type that a kernel receives: int for SymInt, Stream and QScheme, str for Dimname.
TypeKind kind_for_kernels(TypeKind kind) {
  switch (kind) {
    case TypeKind::sym_int:
    case TypeKind::stream:
    case TypeKind::qscheme:
      return TypeKind::integer;
    case TypeKind::dimname:
      return TypeKind::string;
    default:
      return kind;
  }
}

bool fits(const Type& declared, const Type& cpp) {
  if (cpp.kind == TypeKind::any) return true;  // Value accepts every type
  // A kernel that takes Generator receives None as a null generator.
  if (cpp.kind == TypeKind::generator && declared.kind == TypeKind::optional)
    return fits(declared.element(), cpp);
  if (kind_for_kernels(declared.kind) != cpp.kind) return false;
  if (declared.kind != TypeKind::list && declared.kind != TypeKind::optional) return true;
  return fits(declared.element(), cpp.element());
}

std::string fault_of(const std::vector<Argument>& declared, const std::vector<Type>& cpp,
                     std::string_view what) {
  if (declared.size() != cpp.size())
    return fmt::format("it has {} {}s, and the schema {}", cpp.size(), what, declared.size());
  for (size_t i = 0; i < declared.size(); ++i) {
    if (fits(declared[i].type, cpp[i])) continue;
    const std::string named = declared[i].name.empty() ? "" : " '" + declared[i].name + "'";
    return fmt::format("{} {}{} is {}, and in the schema {}", what, i, named, to_string(cpp[i]),
                       to_string(declared[i].type));
  }
  return {};
}

}  // namespace

std::string signature_fault(const Schema& schema, const CppSignature& signature) {
  const SignatureTypes cpp = signature.types();
  const std::string fault = fault_of(schema.arguments, cpp.arguments, "argument");
  return fault.empty() ? fault_of(schema.returns, cpp.results, "return") : fault;
}

bool same_signature(const CppSignature& a, const CppSignature& b) {
  return &a == &b || std::strcmp(a.name(), b.name()) == 0;
}

std::string to_string(const CppSignature& signature) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> readable(
      abi::__cxa_demangle(signature.name(), nullptr, nullptr, &status), &std::free);
  return status == 0 ? readable.get() : signature.name();
}

}  // namespace engine
