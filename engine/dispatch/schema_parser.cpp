#include "engine/dispatch/schema_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "engine/dispatch/schema_lexer.h"
#include "engine/dispatch/schema_literals.h"
#include "engine/dispatch/schema_types.h"

namespace engine {

namespace {

using TokenKind = SchemaToken::Kind;

constexpr int nesting_max = 32;           // of types in types, and of suffixes on one type
constexpr int64_t fixed_size_max = 1024;  // of a list, as in int[2]

struct AnnotatedType {
  Type type;
  std::optional<AliasInfo> alias;
};

// One function for each rule of the grammar.
class SchemaParser {
 public:
  explicit SchemaParser(std::string_view text) : lexer_(text) {}

  Schema schema() {
    Schema schema;
    schema.name = operator_name();
    if (lexer_.take(".")) schema.overload = name("an overload name");
    arguments(schema);
    lexer_.expect("->");
    returns(schema);
    if (lexer_.peek().kind != TokenKind::end) lexer_.refuse_current("the end of the schema");
    return schema;
  }

 private:
  std::string name(std::string_view what) { return std::string(lexer_.expect(TokenKind::name, what).text); }

  std::string operator_name() {
    std::string text = name("an operator name");
    if (!lexer_.take(":")) return text;
    lexer_.expect(":");
    return text + "::" + name("an operator name after '::'");
  }

  void arguments(Schema& schema) {
    lexer_.expect("(");
    if (lexer_.take(")")) return;
    bool keyword_only = false;
    bool seen_default = false;
    do {
      if (lexer_.take("*")) {
        keyword_only = true;
        continue;
      }
      if (lexer_.take("...")) {
        schema.varargs = true;
        if (!lexer_.peek().is(")")) lexer_.refuse_current("')' after '...'");
        break;
      }
      const size_t at = lexer_.peek().at;
      if (schema.arguments.size() == arguments_max)
        lexer_.refuse(at, fmt::format("an operator has at most {} arguments", arguments_max));
      Argument argument = this->argument();
      argument.keyword_only = keyword_only;
      seen_default |= argument.default_value.has_value();
      // Old schemas omit the defaults of lists.
      if (seen_default && !argument.default_value && !keyword_only && argument.type.kind != TypeKind::list)
        lexer_.refuse(
            at, fmt::format("'{}' has no default, but follows an argument that has one", argument.name));
      schema.arguments.push_back(std::move(argument));
    } while (lexer_.take(","));
    lexer_.expect(")");
  }

  Argument argument() {
    Argument argument = typed_argument();
    argument.name = name("the name of the argument");
    if (lexer_.take("=")) argument.default_value = parse_default(lexer_, argument.type);
    return argument;
  }

  void returns(Schema& schema) {
    if (lexer_.take("...")) {
      schema.varreturns = true;
      return;
    }
    if (!lexer_.take("(")) {
      schema.returns.push_back(returned());
      return;
    }
    if (lexer_.take(")")) return;
    do {
      if (lexer_.take("...")) {
        schema.varreturns = true;
        break;
      }
      schema.returns.push_back(returned());
    } while (lexer_.take(","));
    if (schema.varreturns && !lexer_.peek().is(")")) lexer_.refuse_current("')' after '...'");
    lexer_.expect(")");
  }

  Argument returned() {
    Argument returned = typed_argument();
    if (lexer_.peek().kind == TokenKind::name) returned.name = lexer_.next().text;
    return returned;
  }

  // A type with, at this level only, a list of fixed size: int[2], Tensor(a!)[2](b!)?.
  Argument typed_argument() {
    AnnotatedType annotated = type(0);
    if (lexer_.take("[")) {
      const int64_t size = fixed_size();
      lexer_.expect("]");
      make_list(annotated);
      annotated.type.fixed_size = size;
      if (lexer_.take("?")) make_optional(annotated);
    }
    return {.type = std::move(annotated.type), .alias = std::move(annotated.alias)};
  }

  int64_t fixed_size() {
    const SchemaToken token = lexer_.expect(TokenKind::number, "the size of the list, or ']'");
    int64_t size = 0;
    const char* end = token.text.data() + token.text.size();
    const auto result = std::from_chars(token.text.data(), end, size);
    if (result.ec != std::errc() || result.ptr != end || size > fixed_size_max)
      lexer_.refuse(token.at, fmt::format("the size of a list is an integer up to {}", fixed_size_max));
    return size;
  }

  AnnotatedType type(int depth) {
    if (depth > nesting_max) lexer_.refuse_current(fmt::format("types nested at most {} deep", nesting_max));
    AnnotatedType annotated = base_type(depth);
    annotate(annotated);
    for (int suffixes = 0;; ++suffixes) {
      const bool list = lexer_.peek().is("[") && lexer_.peek_second().is("]");
      if (!list && !lexer_.peek().is("?")) return annotated;
      if (suffixes == nesting_max)
        lexer_.refuse_current(fmt::format("at most {} of '[]' and '?' on one type", nesting_max));
      lexer_.next();
      if (list) {
        lexer_.next();
        make_list(annotated);
      } else {
        make_optional(annotated);
      }
    }
  }

  AnnotatedType base_type(int depth) {
    if (lexer_.take("(")) {
      AnnotatedType tuple = group(TypeKind::tuple, depth, 1, SIZE_MAX);
      lexer_.expect(")");
      return tuple;
    }
    const SchemaToken token = lexer_.expect(TokenKind::name, "a type");
    if (token.text == "__torch__") return class_type();
    if (const ContainerName* named = container_named(token.text)) {
      lexer_.expect("(");
      AnnotatedType container = group(named->kind, depth, named->elements_min, named->elements_max);
      if (named->kind == TypeKind::named) container.type.name = token.text;
      lexer_.expect(")");
      return container;
    }
    if (const std::optional<TypeKind> kind = builtin_kind(token.text)) return {Type{*kind}, {}};
    const bool lower = token.text.front() >= 'a' && token.text.front() <= 'z';
    if (!lower && !is_other_builtin(token.text))
      lexer_.refuse(token.at,
                    fmt::format("unknown type '{}'; a type variable starts with a lower-case letter",
                                token.text.substr(0, 64)));
    return {Type{.kind = lower ? TypeKind::variable : TypeKind::named, .name = std::string(token.text)}, {}};
  }

  AnnotatedType class_type() {
    std::string text = "__torch__";
    if (!lexer_.peek().is(".")) lexer_.refuse_current("'.' and the rest of the name of a class");
    while (lexer_.take(".")) text += "." + name("a part of the name of a class");
    return {Type{.kind = TypeKind::named, .name = text}, {}};
  }

  // Types between parentheses. Their annotations become `contained` ones of the group.
  AnnotatedType group(TypeKind kind, int depth, size_t min, size_t max) {
    AnnotatedType annotated{Type{kind}, {}};
    std::vector<AliasInfo> contained;
    bool any_alias = false;
    do {
      AnnotatedType element = type(depth + 1);
      any_alias |= element.alias.has_value();
      annotated.type.elements.push_back(std::move(element.type));
      contained.push_back(element.alias.value_or(AliasInfo{}));
    } while (annotated.type.elements.size() < max && lexer_.take(","));
    if (annotated.type.elements.size() < min) lexer_.refuse_current("',' and another type");
    if (any_alias) annotated.alias = containing(std::move(contained));
    return annotated;
  }

  static AliasInfo containing(std::vector<AliasInfo> contained) {
    const bool write = std::ranges::any_of(contained, &AliasInfo::write);
    return {{}, {}, write, std::move(contained)};
  }

  void make_list(AnnotatedType& annotated) {
    annotated.type = Type{TypeKind::list, {std::move(annotated.type)}};
    if (annotated.alias) annotated.alias = containing({*std::move(annotated.alias)});
    annotate(annotated);
  }

  static void make_optional(AnnotatedType& annotated) {
    if (annotated.type.kind == TypeKind::optional) return;  // int?? is int?
    annotated.type = Type{TypeKind::optional, {std::move(annotated.type)}};
  }

  // Adds the annotation that follows a type, if there is one, to the annotations of the type's elements.
  void annotate(AnnotatedType& annotated) {
    const bool unnamed = lexer_.take("!");
    if (!unnamed && !lexer_.take("(")) return;
    if (!annotated.alias) annotated.alias.emplace();
    AliasInfo& alias = *annotated.alias;
    if (unnamed) {
      alias.write = true;
      return;
    }
    if (lexer_.take("$")) {  // libtorch prints Tensor! as Tensor($0! -> )
      lexer_.expect(TokenKind::number, "the number of a set");
      lexer_.expect("!");
      lexer_.expect("->");
      lexer_.expect(")");
      alias.write = true;
      return;
    }
    alias.before = alias_sets();
    alias.write |= lexer_.take("!");
    alias.after = lexer_.take("->") ? alias_sets() : alias.before;
    lexer_.expect(")");
  }

  std::vector<std::string> alias_sets() {
    std::vector<std::string> sets;
    do {
      sets.push_back(lexer_.take("*") ? "*" : name("the name of an alias set, or '*'"));
    } while (lexer_.take("|"));
    std::ranges::sort(sets);
    sets.erase(std::unique(sets.begin(), sets.end()), sets.end());
    return sets;
  }

  SchemaLexer lexer_;
};

}  // namespace

Schema parse_schema(std::string_view text) { return SchemaParser(text).schema(); }

}  // namespace engine
