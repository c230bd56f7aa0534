// Laws of schema text: whatever can be said prints and reads back equal; whatever is not a schema is refused
// in one line, with its place.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <random>

#include "engine/core/input_error.h"
#include "engine/dispatch/schema.h"
#include "engine/dispatch/schema_parser.h"

namespace engine {
namespace {

size_t below(size_t n) { return *rc::gen::inRange<size_t>(0, n); }
bool coin() { return below(2) == 1; }

std::vector<std::string> any_sets() {
  std::vector<std::string> sets;
  for (const char* set : {"*", "a", "b", "set_2"})
    if (below(3) == 0) sets.emplace_back(set);
  if (sets.empty()) sets.emplace_back("c");
  return sets;
}

// The annotation of a type that is no container.
AliasInfo any_alias() {
  AliasInfo alias;
  alias.write = coin();
  if (alias.write && below(3) == 0) return alias;  // Tensor!
  alias.before = any_sets();
  alias.after = coin() ? alias.before : any_sets();
  return alias;
}

struct AnnotatedType {
  Type type;
  std::optional<AliasInfo> alias;
};

AnnotatedType plain_type() {
  constexpr std::array kinds{TypeKind::tensor,   TypeKind::tensor,  TypeKind::tensor,  TypeKind::integer,
                             TypeKind::sym_int,  TypeKind::real,    TypeKind::boolean, TypeKind::complex,
                             TypeKind::number,   TypeKind::string,  TypeKind::layout,  TypeKind::scalar_type,
                             TypeKind::device,   TypeKind::dimname, TypeKind::storage, TypeKind::quantizer,
                             TypeKind::qscheme,  TypeKind::any,     TypeKind::none,    TypeKind::generator,
                             TypeKind::variable, TypeKind::named,   TypeKind::named};
  AnnotatedType plain;
  plain.type.kind = kinds[below(kinds.size())];
  if (plain.type.kind == TypeKind::variable) plain.type.name = coin() ? "t" : "key_1";
  if (plain.type.kind == TypeKind::named)
    plain.type.name = coin() ? "Capsule" : "__torch__.torch.classes.space.Name_2";
  if (below(3) == 0) plain.alias = any_alias();
  return plain;
}

AnnotatedType contain(TypeKind kind, std::vector<AnnotatedType> elements) {
  AnnotatedType container;
  container.type.kind = kind;
  std::vector<AliasInfo> contained;
  bool annotated = false;
  for (AnnotatedType& element : elements) {
    annotated |= element.alias.has_value();
    contained.push_back(element.alias.value_or(AliasInfo{}));
    container.type.elements.push_back(std::move(element.type));
  }
  if (below(4) == 0) container.alias = any_alias();
  if (!annotated) return container;
  if (!container.alias) container.alias.emplace();
  container.alias->write |=
      std::any_of(contained.begin(), contained.end(), [](const AliasInfo& inner) { return inner.write; });
  container.alias->contained = std::move(contained);
  return container;
}

AnnotatedType any_type(int depth) {
  if (depth == 0) return plain_type();
  AnnotatedType inner = any_type(depth - 1);
  switch (below(7)) {
    case 0:
    case 1:
      return contain(TypeKind::list, {std::move(inner)});
    case 2: {
      if (inner.type.kind == TypeKind::optional) return inner;
      Type held = std::move(inner.type);
      inner.type = Type{};
      inner.type.kind = TypeKind::optional;
      inner.type.elements.push_back(std::move(held));
      return inner;
    }
    case 3:
      return contain(coin() ? TypeKind::tuple : TypeKind::union_of, {inner, any_type(0)});
    case 4:
      return contain(TypeKind::dict, {any_type(0), inner});
    case 5: {
      AnnotatedType held = contain(coin() ? TypeKind::future : TypeKind::named, {inner});
      if (held.type.kind == TypeKind::named) held.type.name = coin() ? "RRef" : "Await";
      return held;
    }
    default:
      return inner;
  }
}

Literal any_literal(TypeKind kind) {
  Literal literal;
  switch (kind) {
    case TypeKind::real:
      literal.kind = Literal::Kind::real;
      literal.real = std::ldexp(*rc::gen::inRange(-99999, 99999), *rc::gen::inRange(-80, 80));
      break;
    case TypeKind::boolean:
      literal.kind = Literal::Kind::boolean;
      literal.integer = coin();
      break;
    case TypeKind::string:
      literal.kind = Literal::Kind::string;
      literal.text = *rc::gen::string<std::string>();
      break;
    default:
      literal.kind = Literal::Kind::integer;
      literal.integer = *rc::gen::arbitrary<int64_t>();
  }
  return literal;
}

// An argument that has a default, as parsing would leave it.
Argument any_argument_with_default() {
  constexpr std::array kinds{TypeKind::integer, TypeKind::real, TypeKind::boolean, TypeKind::string,
                             TypeKind::sym_int};
  Argument argument;
  Type type;
  type.kind = kinds[below(kinds.size())];
  Literal literal = any_literal(type.kind);
  if (coin()) {
    Type list;
    list.kind = TypeKind::list;
    list.elements.push_back(type);
    if (coin()) list.fixed_size = static_cast<int64_t>(below(4));
    const size_t length = below(4);
    Literal elements;
    elements.kind = Literal::Kind::list;
    for (size_t i = 0; i < length; ++i) elements.list.push_back(coin() ? literal : any_literal(type.kind));
    literal = elements;
    type = list;
  }
  if (coin()) {
    argument.type.kind = TypeKind::optional;
    argument.type.elements.push_back(type);
    if (below(3) == 0) literal = Literal{};
  } else {
    argument.type = type;
  }
  argument.default_value = literal;
  return argument;
}

Argument any_argument() {
  AnnotatedType annotated = any_type(static_cast<int>(below(4)));
  if (below(5) == 0) {
    annotated = contain(TypeKind::list, {annotated});
    annotated.type.fixed_size = static_cast<int64_t>(below(9));
  }
  Argument argument;
  argument.type = annotated.type;
  argument.alias = annotated.alias;
  return argument;
}

Schema any_schema() {
  Schema schema;
  schema.name = coin() ? "space::name_" : "f";
  if (coin()) schema.overload = "Tensor_out";
  bool seen_default = false;
  bool keyword_only = false;
  for (size_t count = below(5); schema.arguments.size() < count;) {
    keyword_only |= below(4) == 0;
    const bool with_default = (seen_default && !keyword_only) || below(3) == 0;
    Argument argument = with_default ? any_argument_with_default() : any_argument();
    seen_default |= with_default;
    argument.name = "x" + std::to_string(schema.arguments.size());
    argument.keyword_only = keyword_only;
    schema.arguments.push_back(argument);
  }
  for (size_t count = below(3); schema.returns.size() < count;) {
    schema.returns.push_back(any_argument());
    if (coin()) schema.returns.back().name = "y";
  }
  schema.varargs = below(5) == 0;
  schema.varreturns = below(5) == 0;
  return schema;
}

RC_GTEST_PROP(SchemaLaws, INV_26_PrintingReadsBackEqual, ()) {
  const Schema schema = any_schema();
  const std::string text = to_string(schema);
  RC_LOG() << text << "\n";
  const Schema again = parse_schema(text);
  RC_ASSERT(again == schema);
  RC_ASSERT(to_string(again) == text);
}

RC_GTEST_PROP(SchemaLaws, INV_28_DefaultsReadBackAsTheyWere, ()) {
  Schema schema;
  schema.name = "f";
  schema.arguments.push_back(any_argument_with_default());
  schema.arguments.back().name = "x";
  const std::string text = to_string(schema);
  RC_LOG() << text << "\n";
  const Literal& before = *schema.arguments[0].default_value;
  const Literal after = *parse_schema(text).arguments[0].default_value;
  RC_ASSERT(after.kind == before.kind);
  RC_ASSERT(after == before);
}

// Parses; what is accepted must survive a round trip, what is refused must say where in one line.
void check_any_text(const std::string& text) {
  try {
    const Schema schema = parse_schema(text);
    ASSERT_EQ(parse_schema(to_string(schema)), schema) << text;
  } catch (const InputError& error) {
    ASSERT_EQ(error.where().substr(0, 7), "schema:") << text;
    ASSERT_EQ(error.line().find('\n'), std::string::npos) << text;
    ASSERT_LT(error.line().size(), 400U) << text;
  }
}

constexpr std::array seeds{
    "aten::add.out(Tensor self, Tensor other, *, Scalar alpha=1, Tensor(a!) out) -> Tensor(a!)",
    "aten::conv2d(Tensor input, Tensor weight, Tensor? bias=None, int[2] stride=1, str padding=\"valid\") -> "
    "Tensor",
    "aten::split(Tensor(a -> *) self, SymInt split_size, int dim=0) -> Tensor(a)[]",
    "aten::index(Tensor self, Tensor?[] indices, float eps=1e-05, float[]? s=None) -> (Tensor values, Tensor "
    "i)",
    "c::f(Tensor[](b!) x, Tensor(a)[](b|c)? y, __torch__.torch.classes.c.Work w, ...) -> ...",
    "f(Dict(str, Tensor[]) d, (Tensor, int) t, Future(t) u, Device d='cpu', int m=Mean) -> ((int, t), ...)"};

constexpr std::array pieces{"(",
                            ")",
                            "[",
                            "]",
                            "[]",
                            "?",
                            "!",
                            "->",
                            ",",
                            ".",
                            "...",
                            "::",
                            "=",
                            "*",
                            "|",
                            "-",
                            "1",
                            "2.5",
                            "1e9",
                            "\"",
                            "'",
                            "\\",
                            "#",
                            "\n",
                            "$0",
                            "None",
                            "True",
                            "(a!)",
                            "int[2]",
                            "Tensor",
                            "Dict(",
                            "t",
                            "\xff",
                            "9223372036854775808",
                            "int[1024] x=1"};

// One change: a byte, a piece, a cut, a doubling, or the tail of another text.
std::string mutated(std::string text, std::mt19937_64& random) {
  const size_t at = random() % (text.size() + 1);
  const size_t length = random() % 9;
  switch (random() % 5) {
    case 0:
      text.insert(at, 1, static_cast<char>(random() % 256));
      break;
    case 1:
      text.insert(at, pieces[random() % pieces.size()]);
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:
      text.insert(at, text.substr(at, length));
      break;
    default: {
      const std::string other = seeds[random() % seeds.size()];
      text = text.substr(0, at) + other.substr(random() % other.size());
    }
  }
  return text;
}

TEST(SchemaText, INV_27_AHundredThousandMutantsAreReadOrRefused) {
  std::mt19937_64 random(2023);  // the same mutants each time
  for (int i = 0; i < 100000 && !testing::Test::HasFailure(); ++i) {
    std::string text = seeds[random() % seeds.size()];
    for (uint64_t changes = 1 + random() % 4; changes > 0; --changes) text = mutated(text, random);
    check_any_text(text);
  }
}

TEST(SchemaText, INV_27_EveryPrefixIsReadOrRefused) {
  for (const std::string seed : seeds)
    for (size_t length = 0; length <= seed.size(); ++length) check_any_text(seed.substr(0, length));
}

TEST(SchemaText, INV_27_EveryShortTextIsReadOrRefused) {
  for (unsigned a = 0; a < 256; ++a)
    for (unsigned b = 0; b < 256; ++b)
      check_any_text(std::string("f(") + static_cast<char>(a) + static_cast<char>(b));
}

TEST(SchemaText, DepthIsBounded) {
  const auto repeated = [](const std::string& piece, size_t times) {
    std::string text;
    while (times-- > 0) text += piece;
    return text;
  };
  for (size_t times : {31U, 33U, 100000U}) {
    check_any_text("f(" + repeated("(", times));
    check_any_text("f(" + repeated("(int, ", times) + "int" + repeated(")", times) + " x) -> ()");
    check_any_text("f(" + repeated("Dict(int, ", times));
    check_any_text("f(" + repeated("Future(", times));
    check_any_text("f(int" + repeated("[]", times) + " x) -> ()");
    check_any_text("f(int" + repeated("?", times) + " x) -> ()");
    check_any_text("f(int[] x=" + repeated("[", times));
    check_any_text("f() -> " + repeated("(", times));
    check_any_text(repeated("a", times) + "(" + repeated("b", times) + " " + repeated("#", times));
    check_any_text("f(str x='" + repeated("\\", times));
    check_any_text("f(T" + repeated("T", times));
  }
}

}  // namespace
}  // namespace engine
