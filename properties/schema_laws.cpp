// Laws of operator schemas. Their world is the functions that read, print and compare schemas.
#include "engine/core/input_error.h"
#include "engine/dispatch/schema.h"
#include "engine/dispatch/schema_compatibility.h"
#include "engine/dispatch/schema_parser.h"
#include "properties/law.h"

namespace properties {

namespace {

using engine::Schema;

struct SchemaFunctions {
  Schema (*parse)(std::string_view) = &engine::parse_schema;
  std::string (*print)(const Schema&) = [](const Schema& schema) { return engine::to_string(schema); };
  bool (*compatible)(const Schema& newer, const Schema& older) =
      [](const Schema& newer, const Schema& older) { return engine::incompatibility(newer, older).empty(); };
};

// The text of a schema with drawn arguments.
std::string any_schema(ChoiceSource& choices) {
  constexpr std::array<std::string_view, 14> arguments{
      "Tensor x",         "Tensor(a!) y",         "Tensor? z=None", "int n=3",
      "float p=2.0",      "float q=0.5",          "bool b=True",    "int[2] s=1",
      "str mode=\"a\"",   "Tensor[] list",        "Scalar alpha=1", "int[]? dims=None",
      "Device d=\"cpu\"", "float[] w=[1.0, 0.25]"};
  std::string text = "n::f" + std::to_string(choices.below(3)) + "(Tensor self";
  bool keyword = false;
  for (std::string_view argument : arguments) {
    if (!choices.chance(1, 3)) continue;
    const bool needs = argument.find('=') == std::string_view::npos;
    if (!keyword && (needs || choices.chance(1, 3))) text += ", *";
    keyword = keyword || needs || text.ends_with("*");
    text.append(", ").append(argument);
  }
  return text + ") -> " + (choices.chance(1, 2) ? "Tensor" : "(Tensor, int)");
}

// A law whose schemas must all be accepted by the parser.
template <Tried (*law)(SchemaFunctions&, ChoiceSource&)>
Tried accepting(SchemaFunctions& f, ChoiceSource& choices) {
  try {
    return law(f, choices);
  } catch (const engine::InputError& error) {
    return broken(error.line());
  }
}

Tried printing_is_lossless(SchemaFunctions& f, ChoiceSource& choices) {
  const Schema schema = f.parse(any_schema(choices));
  const std::string text = f.print(schema);
  const Schema again = f.parse(text);
  return held_if(again == schema && f.print(again) == text, text);
}

Tried parsing_refuses_with_a_position(SchemaFunctions& f, ChoiceSource& choices) {
  std::string text = any_schema(choices);
  constexpr std::string_view bytes =
      "()[]!?=,.:*#'\"\\ \n\x7f\xff"
      "aT9";
  for (uint64_t left = 1 + choices.below(4); left > 0; --left)
    text[choices.below(text.size())] = choices.pick(bytes);
  try {
    f.parse(text);
  } catch (const engine::InputError& error) {
    return held_if(!error.where().empty(), "refused without a position: " + text);
  }
  return not_tried("the changed text is a schema");
}

Tried defaults_keep_their_kind(SchemaFunctions& f, ChoiceSource& choices) {
  const Schema schema = f.parse(any_schema(choices));
  const Schema again = f.parse(f.print(schema));
  for (size_t i = 0; i < schema.arguments.size(); ++i)
    if (schema.arguments[i].default_value != again.arguments[i].default_value) return broken(f.print(schema));
  return held();
}

Tried compatibility_is_an_order(SchemaFunctions& f, ChoiceSource& choices) {
  constexpr std::array<std::string_view, 4> more{", int a=1", ", Tensor? b=None", ", float c=0.5",
                                                 ", bool d=True"};
  std::vector<Schema> chain;
  std::string arguments = "Tensor x";
  for (uint64_t i = 0; i <= choices.below(4) + 2; ++i) {
    chain.push_back(f.parse("n::f(" + arguments + ") -> Tensor"));
    if (i < more.size()) arguments += more[i];
  }
  for (const Schema& each : chain)
    if (!f.compatible(each, each)) return broken("not reflexive");
  for (size_t i = 2; i < chain.size(); ++i)
    if (f.compatible(chain[i], chain[i - 1]) && f.compatible(chain[i - 1], chain[i - 2]) &&
        !f.compatible(chain[i], chain[i - 2]))
      return broken("not transitive");
  return held();
}

// --- mistakes

std::string without_writes(const Schema& schema) {
  Schema changed = schema;
  for (engine::Argument& argument : changed.arguments)
    if (argument.alias) argument.alias->write = false;
  return engine::to_string(changed);
}

Schema without_position(std::string_view text) {
  try {
    return engine::parse_schema(text);
  } catch (const engine::InputError& error) {
    throw engine::InputError("", error.what());
  }
}

std::string reals_as_integers(const Schema& schema) {
  Schema changed = schema;
  for (engine::Argument& argument : changed.arguments)
    if (argument.default_value && argument.default_value->kind == engine::Literal::Kind::real) {
      argument.default_value->kind = engine::Literal::Kind::integer;
      argument.default_value->integer = static_cast<int64_t>(argument.default_value->real);
      argument.default_value->real = 0;
    }
  return engine::to_string(changed);
}

using SchemaLaw = Law<SchemaFunctions>;
const DeclaredLaws<SchemaFunctions> laws_of_schemas{
    {
        SchemaLaw(
            26, "PrintingIsLossless", "A printed schema is read back as the same schema.", 1,
            {accepting<printing_is_lossless>},
            {with("the mark of a written argument is not printed", &SchemaFunctions::print, without_writes)}),
        SchemaLaw(27, "ParsingRefusesWithAPosition",
                  "The parser refuses broken text with the position of the error.", 0.5,
                  {parsing_refuses_with_a_position},
                  {with("an error has no position", &SchemaFunctions::parse, without_position)}),
        SchemaLaw(28, "DefaultsKeepTheirKind",
                  "Printing keeps the kind of a default value: 2.0 stays a float.", 1,
                  {accepting<defaults_keep_their_kind>},
                  {with("floats are printed as integers", &SchemaFunctions::print, reals_as_integers)}),
        SchemaLaw(29, "CompatibilityIsAnOrder", "Compatibility of schemas is reflexive and transitive.", 1,
                  {accepting<compatibility_is_an_order>},
                  {with("one argument more is compatible, two are not", &SchemaFunctions::compatible,
                        [](const Schema& newer, const Schema& older) {
                          return newer.arguments.size() <= older.arguments.size() + 1;
                        })}),
    },
    {{"engine", [] { return std::make_unique<SchemaFunctions>(); }}}};

}  // namespace
}  // namespace properties
