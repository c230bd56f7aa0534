#include "corpora/domains/domains.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "corpora/domains/spec_fits.h"
#include "corpora/domains/spec_reader.h"
#include "engine/core/check.h"

namespace embedded {
extern const std::string_view torch_domains;
}

namespace corpora {
namespace {

std::vector<std::string> read_globs(Cursor& cursor) {
  std::vector<std::string> globs;
  for (;;) {
    cursor.skip_blanks(false);
    std::string glob;
    while (!cursor.at_end() &&
           std::string_view(" \t\r\n,;=|#").find(cursor.peek()) == std::string_view::npos) {
      glob += cursor.peek();
      cursor.take(cursor.peek());
    }
    if (glob.empty() || glob == ":")
      cursor.fail(fmt::format("expected an operator pattern, found {}", glob.empty() ? cursor.found() : ":"));
    globs.push_back(std::move(glob));
    cursor.skip_blanks(false);
    if (cursor.take(',')) {
      cursor.skip_blanks(false);
      if (cursor.starts("\n ")) cursor.skip_blanks(true);
      continue;
    }
    cursor.expect(':', "with a blank before it, between operators and arguments");
    return globs;
  }
}

int32_t argument_index(const engine::Schema& schema, std::string_view name) {
  for (size_t i = 0; i < schema.arguments.size(); ++i)
    if (schema.arguments[i].name == name) return static_cast<int32_t>(i);
  return -1;
}

// The items of one alternative that this operator has arguments for.
std::vector<OperatorDomain::Item> matched(const std::vector<Assignment>& alternative,
                                          const engine::Schema& schema, bool general) {
  std::vector<OperatorDomain::Item> items;
  for (const Assignment& assignment : alternative) {
    OperatorDomain::Item item{assignment.target, assignment.symbol, &assignment.spec, general};
    if (item.target == Assignment::Target::argument) {
      item.index = argument_index(schema, assignment.argument);
      if (item.index < 0) continue;
      if (!fits(assignment.spec, schema.arguments[static_cast<size_t>(item.index)].type)) continue;
    }
    items.push_back(item);
  }
  return items;
}

}  // namespace

bool DomainLine::matches(std::string_view qualified) const {
  return std::any_of(globs.begin(), globs.end(),
                     [&](const std::string& glob) { return glob_match(glob, qualified); });
}

struct Domains::Cache {
  std::mutex mutex;
  std::vector<std::unique_ptr<const OperatorDomain>> operators;  // by number
};

Domains::Domains() : cache_(std::make_unique<Cache>()) {}
Domains::~Domains() = default;
Domains::Domains(Domains&&) noexcept = default;
Domains& Domains::operator=(Domains&&) noexcept = default;

Domains Domains::parse(std::string_view text, std::string_view name) {
  Domains domains;
  SymbolNames names;
  names.shapes.emplace_back("S");  // common_shape
  Cursor cursor(text, name);
  size_t counted = 0;
  int number = 1;
  for (cursor.skip_blanks(true); !cursor.at_end(); cursor.skip_blanks(true)) {
    DomainLine line;
    for (; counted < cursor.at(); ++counted) number += text[counted] == '\n';
    line.number = number;
    line.globs = read_globs(cursor);
    SpecReader reader(cursor, names);
    line.alternatives.push_back(reader.items());
    while (cursor.starts("||")) {
      cursor.take('|');
      cursor.take('|');
      line.alternatives.push_back(reader.items());
    }
    if (!cursor.at_end() && cursor.peek() != '\n')
      cursor.fail(fmt::format("expected ';', '|' or the end of the line, found {}", cursor.found()));
    domains.lines_.push_back(std::move(line));
  }
  domains.size_symbols_ = names.sizes.size();
  domains.shape_symbols_ = names.shapes.size();
  return domains;
}

std::string_view Domains::torch_text() { return embedded::torch_domains; }

const Domains& Domains::torch() {
  static const Domains domains = parse(embedded::torch_domains, "torch.domains");
  return domains;
}

const OperatorDomain& Domains::of(const Operator& op) const {
  CHECK(op.number > 0, "an operator of a catalog");
  const std::lock_guard lock(cache_->mutex);
  if (op.number >= cache_->operators.size()) cache_->operators.resize(op.number + 1);
  std::unique_ptr<const OperatorDomain>& kept = cache_->operators[op.number];
  if (!kept) kept = std::make_unique<OperatorDomain>(lines_about(op));
  return *kept;
}

OperatorDomain Domains::lines_about(const Operator& op) const {
  OperatorDomain domain;
  for (const DomainLine& line : lines_) {
    if (!line.matches(op.name)) continue;
    OperatorDomain::Line& speaks = domain.lines.emplace_back();
    for (const auto& alternative : line.alternatives)
      speaks.alternatives.push_back(matched(alternative, op.schema, line.is_general()));
    const bool silent = std::all_of(speaks.alternatives.begin(), speaks.alternatives.end(),
                                    [](const auto& items) { return items.empty(); });
    if (silent) domain.lines.pop_back();
  }
  return domain;
}

}  // namespace corpora
