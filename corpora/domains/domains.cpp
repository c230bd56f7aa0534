#include "corpora/domains/domains.h"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "corpora/domains/check_items.h"
#include "corpora/domains/spec_fits.h"
#include "corpora/domains/spec_reader.h"
#include "engine/core/check.h"

namespace embedded {
extern const std::string_view torch_domains;
}

namespace corpora {
namespace {

// An operator pattern and where in the text it is.
struct Glob {
  std::string text;
  size_t at = 0;
};

std::vector<Glob> read_globs(Cursor& cursor) {
  std::vector<Glob> globs;
  for (;;) {
    cursor.skip_blanks(false);
    constexpr std::string_view ends = " \t\r\n,;=|#";
    const size_t at = cursor.at();
    const std::string_view glob = cursor.take_while([&](char x) { return ends.find(x) == ends.npos; });
    if (glob.empty() || glob == ":")
      cursor.fail(fmt::format("expected an operator pattern, found {}", glob.empty() ? cursor.found() : ":"));
    globs.push_back({std::string(glob), at});
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

// The operators that a pattern matches; at least one.
std::vector<const Operator*> matching(const Glob& glob, const Catalog& catalog, const Cursor& cursor) {
  std::vector<const Operator*> found;
  for (const Operator& op : catalog.operators())
    if (glob_match(glob.text, op.name)) found.push_back(&op);
  if (found.empty())
    cursor.fail(glob.at, fmt::format("no operator matches '{}'; `faultline list ops` shows all", glob.text));
  return found;
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

Domains::Domains() : cache_(std::make_unique<Cache>()) {
  symbols_.shapes.emplace_back("S");  // common_shape
}
Domains::~Domains() = default;
Domains::Domains(Domains&&) noexcept = default;
Domains& Domains::operator=(Domains&&) noexcept = default;

Domains Domains::parse(std::string_view text, std::string_view name) {
  Domains domains;
  domains.read(text, name, nullptr);
  return domains;
}

Domains Domains::with(std::string_view text, std::string_view name, const Catalog& catalog) const {
  Domains domains;
  domains.lines_ = lines_;
  domains.symbols_ = symbols_;
  domains.read(text, name, &catalog);
  return domains;
}

void Domains::read(std::string_view text, std::string_view name, const Catalog* catalog) {
  Cursor cursor(text, name);
  for (cursor.skip_blanks(true); !cursor.at_end(); cursor.skip_blanks(true)) {
    DomainLine line;
    line.number = static_cast<int>(cursor.line_of(cursor.at()));
    std::vector<const Operator*> operators;
    for (const Glob& glob : read_globs(cursor)) {
      line.globs.push_back(glob.text);
      if (!catalog) continue;
      const std::vector<const Operator*> found = matching(glob, *catalog, cursor);
      operators.insert(operators.end(), found.begin(), found.end());
    }
    do {
      ReadItems read = read_items(cursor, symbols_);
      if (catalog) check_items(read, operators, *catalog, cursor);
      line.alternatives.push_back(std::move(read.items));
    } while (cursor.take("||"));
    if (!cursor.at_end() && cursor.peek() != '\n')
      cursor.fail(fmt::format("expected ';', '|' or the end of the line, found {}", cursor.found()));
    lines_.push_back(std::move(line));
  }
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
