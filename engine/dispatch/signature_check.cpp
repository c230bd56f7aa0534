#include "engine/dispatch/signature_check.h"

#include <cxxabi.h>
#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <memory>

#include "engine/dispatch/boxing.h"
#include "engine/dispatch/operator_entry.h"

namespace engine {

namespace {

// What a type is for a kernel: a SymInt is an int, a Dimname a str; a Stream or a QScheme is its number.
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
  if (cpp.kind == TypeKind::any) return true;  // Value takes whatever comes
  // A null Generator is None.
  if (cpp.kind == TypeKind::generator && declared.kind == TypeKind::optional)
    return fits(declared.element(), cpp);
  if (kind_for_kernels(declared.kind) != cpp.kind) return false;
  if (declared.kind != TypeKind::list && declared.kind != TypeKind::optional) return true;
  return fits(declared.element(), cpp.element());
}

std::string fault_of(const std::vector<Argument>& declared, const std::vector<Argument>& cpp,
                     std::string_view what) {
  if (declared.size() != cpp.size())
    return fmt::format("it has {} {}s, and the schema {}", cpp.size(), what, declared.size());
  for (size_t i = 0; i < declared.size(); ++i) {
    if (fits(declared[i].type, cpp[i].type)) continue;
    const std::string named = declared[i].name.empty() ? "" : " '" + declared[i].name + "'";
    return fmt::format("{} {}{} is {}, and in the schema {}", what, i, named, to_string(cpp[i].type),
                       to_string(declared[i].type));
  }
  return {};
}

}  // namespace

std::string signature_fault(const Schema& schema, const CppSignature& signature) {
  const Schema cpp = signature.infer();
  const std::string fault = fault_of(schema.arguments, cpp.arguments, "argument");
  return fault.empty() ? fault_of(schema.returns, cpp.returns, "return") : fault;
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

void add_inferred(std::vector<Argument>& arguments, Type type) {
  Argument argument;
  argument.name = "_" + std::to_string(arguments.size());
  argument.type = std::move(type);
  arguments.push_back(std::move(argument));
}

void refuse_result_count(const Call& call, size_t results, size_t wanted) {
  throw Error(fmt::format("{}: the kernel at {} left {} results, and the operator has {}", call.entry.name(),
                          name_of(call.keys.highest_key()), results, wanted),
              ErrorKind::internal);
}

void refuse_other_tensor(const Call& call) {
  throw Error(fmt::format("{}: the kernel at {} returned another tensor than the one that was to be written",
                          call.entry.name(), name_of(call.keys.highest_key())),
              ErrorKind::internal);
}

}  // namespace engine
