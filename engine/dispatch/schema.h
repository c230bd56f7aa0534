// Schema: the declaration of an operator, such as
//   aten::add.out(Tensor self, Tensor other, *, Scalar alpha=1, Tensor(a!) out) -> Tensor(a!)
// Promises: parse_schema(to_string(schema)) == schema (schema_parser.h).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace engine {

enum class TypeKind : uint8_t {
  tensor,
  integer,
  sym_int,
  real,
  boolean,
  complex,
  number,
  string,
  scalar_type,
  layout,
  memory_format,
  device,
  generator,
  storage,
  stream,
  dimname,
  qscheme,
  quantizer,
  any,
  none,
  variable,  // a type variable, which starts with a lower-case letter
  named,     // a class or a builtin type without a kind of its own; RRef and Await have one element
  list,
  optional,
  tuple,
  dict,
  future,
  union_of
};

struct Type {
  TypeKind kind = TypeKind::tensor;
  std::vector<Type> elements = {};         // list, optional: one; dict: two; tuple, union_of: all
  std::optional<int64_t> fixed_size = {};  // of a list, as in int[2]
  std::string name = {};                   // of variable and named

  bool operator==(const Type&) const = default;
  const Type& element() const { return elements.front(); }
};

// An annotation: "(a!)", "(a -> *)", "(a|b)", or "!" for a written argument without named sets. An optional
// has the annotation of its element. The annotations of a container's elements are in `contained`, one for
// each element; a container is written if one of its elements is.
struct AliasInfo {
  std::vector<std::string> before = {};  // sorted; "*" is the wildcard
  std::vector<std::string> after = {};
  bool write = false;
  std::vector<AliasInfo> contained = {};

  bool operator==(const AliasInfo&) const = default;
};

// A default value: none, one literal, or a list of literals.
struct Literal {
  enum class Kind : uint8_t { none, integer, real, boolean, complex, string, list };
  Kind kind = Kind::none;
  int64_t integer = 0;    // of integer and boolean (0 or 1)
  double real = 0;        // of real; of complex: the imaginary part
  std::string text = {};  // of string; of integer: its name, if it was written as one (long, Mean)
  std::vector<Literal> list = {};

  bool operator==(const Literal&) const = default;
};

struct Argument {
  std::string name = {};  // may be empty for a return
  Type type = {};
  std::optional<Literal> default_value = {};
  std::optional<AliasInfo> alias = {};
  bool keyword_only = false;

  bool operator==(const Argument&) const = default;
  bool is_write() const { return alias && alias->write; }
  bool is_out() const { return keyword_only && is_write(); }
};

inline constexpr size_t arguments_max = 64;  // a dispatcher keeps the positions of arguments in one word

struct Schema {
  std::string name = {};      // "aten::add"
  std::string overload = {};  // "Tensor", or empty
  std::vector<Argument> arguments = {};
  std::vector<Argument> returns = {};
  bool varargs = false;
  bool varreturns = false;

  bool operator==(const Schema&) const = default;
  std::string qualified() const { return overload.empty() ? name : name + "." + overload; }
  bool is_mutable() const;     // any argument is written
  bool has_out() const;        // any argument is an out= argument
  bool has_any_alias() const;  // any argument or return is annotated
};

std::string to_string(const Schema& schema);
std::string to_string(const Type& type);
std::string to_string(const Argument& argument);

// True for Tensor, and for lists and optionals that hold Tensors.
bool holds_tensor(const Type& type);

}  // namespace engine
