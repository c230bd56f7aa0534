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
    constexpr std::string_view ends = " \t\r\n,;=|#";
    const std::string_view glob = cursor.take_while([&](char x) { return ends.find(x) == ends.npos; });
    if (glob.empty() || glob == ":")
      cursor.fail(fmt::format("expected an operator pattern, found {}", glob.empty() ? cursor.found() : ":"));
    globs.emplace_back(glob);
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

// The items of one alternative that this operator has arguments for.
std::vector<OperatorDomain::Item> matched(const Assignments& alternative, const engine::Schema& schema,
                                          bool general) {
  std::vector<OperatorDomain::Item> items;
  for (const Assignment& assignment : alternative) {
    OperatorDomain::Item item{assignment.target, assignment.symbol, &assignment.spec, general};
    if (item.target == Assignment::Target::argument) {
      const auto declared = std::ranges::find(schema.arguments, assignment.argument, &engine::Argument::name);
      if (declared == schema.arguments.end() || !fits(assignment.spec, declared->type)) continue;
      item.index = static_cast<int32_t>(declared - schema.arguments.begin());
    }
    items.push_back(item);
  }
  return items;
}

}  // namespace

bool DomainLine::matches(std::string_view qualified) const {
  return std::ranges::any_of(globs, [&](const std::string& glob) { return glob_match(glob, qualified); });
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
    do line.alternatives.push_back(read_items(cursor, names));
    while (cursor.take("||"));
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
    OperatorDomain::Line applicable;
    for (const auto& alternative : line.alternatives)
      applicable.alternatives.push_back(matched(alternative, op.schema, line.is_general()));
    if (!std::ranges::all_of(applicable.alternatives, [](const auto& items) { return items.empty(); }))
      domain.lines.push_back(std::move(applicable));
  }
  return domain;
}

}  // namespace corpora
