// faultline table: an operator's dispatch table, each entry with its reason.
#include <fmt/format.h>

#include <memory>

#include "cli/command.h"
#include "cli/subject_choice.h"
#include "corpora/case/catalog.h"
#include "engine/core/input_error.h"

namespace cli {
namespace {

// Takes "aten::add.Tensor", "add.Tensor", or "add" for every overload of that name.
int print_tables(const SubjectChoice& choice, const std::string& name) {
  const auto subject = choice.make();
  const corpora::Catalog& catalog = subject->catalog();
  const std::string qualified = name.find("::") == std::string::npos ? "aten::" + name : name;
  bool found = false;
  for (const corpora::Operator& op : catalog.operators()) {
    if (op.name != qualified && op.schema.name != qualified) continue;
    if (op.name != qualified && catalog.find(qualified)) continue;
    found = true;
    fmt::print("{}\n{}", engine::to_string(op.schema), subject->table(op.name));
  }
  if (!found)
    throw engine::InputError(
        "OPERATOR",
        fmt::format("{} has no operator '{}'; `faultline list ops` shows all", subject->name(), qualified));
  return status_ok;
}

}  // namespace

Command table_command(CLI::App& root) {
  auto* app = root.add_subcommand("table", "print an operator's dispatch table, each entry with its reason");
  auto choice = std::make_shared<SubjectChoice>();
  auto op = std::make_shared<std::string>();
  app->add_option("OPERATOR", *op, "such as aten::add.Tensor; 'add' means every overload of aten::add")
      ->type_name("")
      ->required();
  choice->add_to(*app);
  return {app, [=] { return print_tables(*choice, *op); }};
}

}  // namespace cli
