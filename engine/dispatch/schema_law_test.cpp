// Laws of schema text: every schema is printed so that it is read back equal; every other text is refused
// with one line and its position.
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

// The annotation of a type that is not a container.
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
  AnnotatedType plain{Type{kinds[below(kinds.size())]}, {}};
  if (plain.type.kind == TypeKind::variable) plain.type.name = coin() ? "t" : "key_1";
  if (plain.type.kind == TypeKind::named)
    plain.type.name = coin() ? "Capsule" : "__torch__.torch.classes.space.Name_2";
  if (below(3) == 0) plain.alias = any_alias();
  return plain;
}

AnnotatedType contain(TypeKind kind, std::vector<AnnotatedType> elements) {
  AnnotatedType container{Type{kind}, {}};
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
  container.alias->write |= std::ranges::any_of(contained, &AliasInfo::write);
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
    case 2:
      if (inner.type.kind != TypeKind::optional) inner.type = Type{TypeKind::optional, {inner.type}};
      return inner;
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
  switch (kind) {
    case TypeKind::real:
      return {.kind = Literal::Kind::real,
              .real = std::ldexp(*rc::gen::inRange(-99999, 99999), *rc::gen::inRange(-80, 80))};
    case TypeKind::boolean:
      return {.kind = Literal::Kind::boolean, .integer = coin()};
    case TypeKind::string:
      return {.kind = Literal::Kind::string, .text = *rc::gen::string<std::string>()};
    default:
      return {.kind = Literal::Kind::integer, .integer = *rc::gen::arbitrary<int64_t>()};
  }
}

// An argument with a default, as the parser returns it.
Argument any_argument_with_default() {
  constexpr std::array kinds{TypeKind::integer, TypeKind::real, TypeKind::boolean, TypeKind::string,
                             TypeKind::sym_int};
  Type type{kinds[below(kinds.size())]};
  Literal literal = any_literal(type.kind);
  if (coin()) {
    Literal list{.kind = Literal::Kind::list};
    for (size_t left = below(4); left > 0; --left)
      list.list.push_back(coin() ? literal : any_literal(type.kind));
    literal = list;
    type = Type{TypeKind::list, {type}};
    if (coin()) type.fixed_size = static_cast<int64_t>(below(4));
  }
  if (coin()) {
    type = Type{TypeKind::optional, {type}};
    if (below(3) == 0) literal = Literal{};
  }
  return {.type = type, .default_value = literal};
}

Argument any_argument() {
  AnnotatedType annotated = any_type(static_cast<int>(below(4)));
  if (below(5) == 0) {
    annotated = contain(TypeKind::list, {annotated});
    annotated.type.fixed_size = static_cast<int64_t>(below(9));
  }
  return {.type = annotated.type, .alias = annotated.alias};
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

RC_GTEST_PROP(SchemaLaws, INV_26_PrintedSchemaIsReadBackEqual, ()) {
  const Schema schema = any_schema();
  const std::string text = to_string(schema);
  RC_LOG() << text << "\n";
  const Schema again = parse_schema(text);
  RC_ASSERT(again == schema);
  RC_ASSERT(to_string(again) == text);
}

RC_GTEST_PROP(SchemaLaws, INV_28_PrintedDefaultIsReadBackEqual, ()) {
  Argument argument = any_argument_with_default();
  argument.name = "x";
  const std::string text = "f(" + to_string(argument) + ") -> ()";
  RC_LOG() << text << "\n";
  RC_ASSERT(parse_schema(text).arguments[0].default_value == argument.default_value);
}

// Parses the text. A schema must be read back equal; an error must have a position and one line.
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

// One change: a byte or a piece is inserted, a part is erased or repeated, or the end is that of another
// text.
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

TEST(SchemaText, INV_27_MutatedSchemaIsReadOrRefused) {
  std::mt19937_64 random(2023);  // a fixed seed: the same mutants in each run
  for (int i = 0; i < 100000 && !testing::Test::HasFailure(); ++i) {
    std::string text = seeds[random() % seeds.size()];
    for (uint64_t changes = 1 + random() % 4; changes > 0; --changes) text = mutated(text, random);
    check_any_text(text);
  }
}

TEST(SchemaText, INV_27_PrefixOfSchemaIsReadOrRefused) {
  for (const std::string seed : seeds)
    for (size_t length = 0; length <= seed.size(); ++length) check_any_text(seed.substr(0, length));
}

TEST(SchemaText, INV_27_ShortTextIsReadOrRefused) {
  for (unsigned a = 0; a < 256; ++a)
    for (unsigned b = 0; b < 256; ++b)
      check_any_text(std::string("f(") + static_cast<char>(a) + static_cast<char>(b));
}

TEST(SchemaText, DeepNestingIsReadOrRefused) {
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
