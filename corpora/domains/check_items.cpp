#include "corpora/domains/check_items.h"

#include <fmt/format.h>

#include <algorithm>

#include "corpora/domains/spec_fits.h"

namespace corpora {
namespace {

using Operators = std::vector<const Operator*>;

const engine::Argument* argument_of(const Operator& op, std::string_view name) {
  const auto& arguments = op.schema.arguments;
  const auto found = std::ranges::find(arguments, name, &engine::Argument::name);
  return found == arguments.end() ? nullptr : &*found;
}

// The argument in the first operator that has it.
const engine::Argument* argument_of(const Operators& operators, std::string_view name) {
  for (const Operator* op : operators)
    if (const engine::Argument* found = argument_of(*op, name)) return found;
  return nullptr;
}

std::string no_argument(const Operators& operators, std::string_view name) {
  if (operators.size() > 1)
    return fmt::format("none of the {} operators has an argument '{}'", operators.size(), name);
  const Operator& op = *operators.front();
  std::string names;
  for (const engine::Argument& argument : op.schema.arguments)
    names += (names.empty() ? "" : ", ") + argument.name;
  return fmt::format("{} has no argument '{}'; expected one of: {}", op.name, name, names);
}

void check(const Assignments& items, const Operators& operators, const Catalog& catalog,
           const Cursor& cursor);

// The earlier calls in a spec.
void check_results(const Spec& spec, const Catalog& catalog, const Cursor& cursor) {
  for (const Spec& part : spec.parts) check_results(part, catalog, cursor);
  if (spec.kind != Spec::Kind::result) return;
  const Operator* op = catalog.find(spec.op);
  if (!op)
    cursor.fail(
        spec.op_at,
        fmt::format("'{}' is not an operator of the subject; `faultline list ops` shows all", spec.op));
  check(spec.assignments, {op}, catalog, cursor);
}

void check(const Assignments& items, const Operators& operators, const Catalog& catalog,
           const Cursor& cursor) {
  for (const Assignment& item : items) {
    check_results(item.spec, catalog, cursor);
    if (item.target != Assignment::Target::argument) continue;
    const engine::Argument* first = argument_of(operators, item.argument);
    if (!first) cursor.fail(item.at, no_argument(operators, item.argument));
    const bool fits_one = std::ranges::any_of(operators, [&](const Operator* op) {
      const engine::Argument* argument = argument_of(*op, item.argument);
      return argument && fits(item.spec, argument->type);
    });
    if (!fits_one)
      cursor.fail(item.at, fmt::format("what '=' says does not fit the type of '{}', which is {}",
                                       item.argument, engine::to_string(first->type)));
  }
}

}  // namespace

void check_items(const ReadItems& read, const Operators& operators, const Catalog& catalog,
                 const Cursor& cursor) {
  check(read.items, operators, catalog, cursor);
  for (const ArgumentMention& mention : read.mentions)
    if (!argument_of(operators, mention.name)) cursor.fail(mention.at, no_argument(operators, mention.name));
}

}  // namespace corpora
