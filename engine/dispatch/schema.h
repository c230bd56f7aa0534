// Schema: what an operator promises in its text form, e.g.
//   aten::add.out(Tensor self, Tensor other, *, Scalar alpha=1, Tensor(a!) out) -> Tensor(a!)
// Promises: parse_schema accepts PyTorch's schema grammar; to_string(parse_schema(t)) parses back to an
// equal Schema. Refuses malformed text with an InputError whose `where` is "schema:LINE:COLUMN".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
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
  variable,  // a lower-case type variable, kept by name
  named,     // a class or another capitalised builtin, kept by name; RRef and Await with one element
  list,
  optional,
  tuple,
  dict,
  future,
  union_of
};

struct Type {
  TypeKind kind = TypeKind::tensor;
  std::vector<Type> elements;         // list, optional: one; dict: two; tuple, union_of: all
  std::optional<int64_t> fixed_size;  // of a list, as in int[2]
  std::string name;                   // of variable and named

  bool operator==(const Type&) const = default;
  const Type& element() const { return elements.front(); }
};

// "(a!)", "(a -> *)", "(a|b)". "!" alone writes a set of its own: no names. An optional has its element's
// annotation. Those of a container's elements stand in `contained`, one for each element; `write` of the
// container is then true where an element's is.
struct AliasInfo {
  std::vector<std::string> before;  // sorted; "*" is the wildcard
  std::vector<std::string> after;
  bool write = false;
  std::vector<AliasInfo> contained;

  bool operator==(const AliasInfo&) const = default;
};

// A default value: none, or one literal, or a list of literals.
struct Literal {
  enum class Kind : uint8_t { none, integer, real, boolean, complex, string, list };
  Kind kind = Kind::none;
  int64_t integer = 0;  // also of boolean (0 or 1)
  double real = 0;      // real, and the imaginary part of a complex literal
  std::string text;  // of string; of integer: the identifier it was spelled as, if it was (long, Mean, ...)
  std::vector<Literal> list;

  bool operator==(const Literal&) const = default;
};

struct Argument {
  std::string name;  // may be empty for a return
  Type type;
  std::optional<Literal> default_value;
  std::optional<AliasInfo> alias;
  bool keyword_only = false;

  bool operator==(const Argument&) const = default;
  bool is_write() const { return alias && alias->write; }
  bool is_out() const { return keyword_only && is_write(); }
};

struct Schema {
  std::string name;      // "aten::add"
  std::string overload;  // "Tensor", or empty
  std::vector<Argument> arguments;
  std::vector<Argument> returns;
  bool varargs = false;
  bool varreturns = false;

  bool operator==(const Schema&) const = default;
  std::string qualified() const { return overload.empty() ? name : name + "." + overload; }
  bool is_mutable() const;     // any argument is written
  bool has_out() const;        // any out= argument
  bool has_any_alias() const;  // any argument or return is annotated
};

Schema parse_schema(std::string_view text);
std::string to_string(const Schema& schema);
std::string to_string(const Type& type);
std::string to_string(const Argument& argument);

// True when the type is a Tensor, or holds Tensors inside lists and optionals.
bool holds_tensor(const Type& type);

}  // namespace engine
