#include "oracles/dispatch/conformance.h"

#include <fmt/format.h>

#include <algorithm>

#include "oracles/compare/divergence_text.h"
#include "oracles/compare/spelling.h"

namespace oracles {

using corpora::ProgramOp;
using corpora::Statement;
using corpora::StatementKind;

namespace {

Names names_of(const std::vector<int>& ran) {
  Names names;
  for (int number : ran) names.push_back(fmt::format("k{}", number));
  return names;
}

Names names_of(engine::KeySet keys) { return {corpora::to_text(keys)}; }

Names names_of(const std::vector<engine::KeySet>& results) {
  Names names;
  for (engine::KeySet keys : results) names.push_back(corpora::to_text(keys));
  return names;
}

Side side_of(const StepOutcome& told) {
  if (told.error == StepError::none) return {};
  Side side = side_that(End::raised, told.message.substr(0, told.message.find('\n')));
  side.error_class = name_of(told.error);
  if (told.error == StepError::not_implemented)
    side.error_class.append(" at ").append(engine::name_of(told.missing_at));
  return side;
}

Names names_of(const std::optional<TableEntry>& entry) {
  if (!entry) return {};
  const std::string why = fmt::format("[{}]", reference::name_of(entry->why));
  if (entry->kernel < 0) return {why};
  return {entry->kernel >= foreign_kernel ? "foreign" : fmt::format("k{}", entry->kernel), why};
}

Change change_of(bool kept) { return kept ? Change::none : Change::values; }

class Comparing {
 public:
  Comparing(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
            std::optional<Part> only, std::string_view entry)
      : program_(program), judge_(judge), machine_(machine), only_(only), entry_(entry) {}

  Conformed run() {
    judge_.begin();
    machine_.begin();
    for (at_ = 0; at_ < program_.size() && !made_.parting; ++at_) one(program_[at_]);
    at_ = std::min(at_, program_.size());
    const std::string left = judge_.end(), right = machine_.end();
    if (!made_.parting && left != right) part(Kind::state, Part::rest, Word{left}, Word{right});
    return std::move(made_);
  }

 private:
  void part(Kind kind, Part part, Side left, Side right, std::string name = {}) {
    if (made_.parting || (only_ && *only_ != part) || (!entry_.empty() && entry_ != name)) return;
    Place place{part, static_cast<int32_t>(at_)};
    place.name = std::move(name);
    made_.parting = Parting{at_, kind, std::move(place), std::move(left), std::move(right)};
  }
  void part(Kind kind, Part where, Shown left, Shown right, std::string name = {}) {
    part(kind, where, side_showing(std::move(left)), side_showing(std::move(right)), std::move(name));
  }

  void one(const Statement& s) {
    const StepOutcome left = judge_.step(s);
    if (left.foreign) {
      ++made_.skipped_steps;
      return;
    }
    const StepOutcome right = machine_.step(s);
    ++made_.compared_steps;
    if (left.error != right.error || left.missing_at != right.missing_at)
      part(Kind::error, Part::step_error, side_of(left), side_of(right));
    if (left.ran != right.ran) part(Kind::value, Part::kernels, names_of(left.ran), names_of(right.ran));
    if (left.included != right.included)
      part(Kind::state, Part::included, names_of(left.included), names_of(right.included));
    if (left.excluded != right.excluded)
      part(Kind::state, Part::excluded, names_of(left.excluded), names_of(right.excluded));
    if (left.results != right.results)
      part(Kind::outputs, Part::result_keys, names_of(left.results), names_of(right.results));
    if (left.arguments_kept != right.arguments_kept)
      part(Kind::mutation, Part::arguments, change_of(left.arguments_kept), change_of(right.arguments_kept));
    if (s.kind == StatementKind::fallback || s.kind == StatementKind::drop) return tables();
    if (s.registers()) table(s.op);
  }

  void tables() {
    for (const Statement& s : program_)
      if (s.kind == StatementKind::define || s.kind == StatementKind::implement)
        asked_ |= 1U << static_cast<unsigned>(s.op);
    for (size_t i = 0; i < corpora::program_op_count && !made_.parting; ++i)
      if (asked_ >> i & 1U) table(static_cast<ProgramOp>(i));
  }

  void table(ProgramOp op) {
    if (made_.parting) return;
    const std::optional<ProgramTable> left = judge_.table(op), right = machine_.table(op);
    if (left.has_value() != right.has_value())
      return part(Kind::value, Part::definition, left ? Names{"defined"} : Names{},
                  right ? Names{"defined"} : Names{}, std::string(corpora::name_of(op)));
    if (!left || *left == *right) return;
    for (size_t slot = 0; slot < left->size(); ++slot)
      if ((*right)[slot] && (*left)[slot] != (*right)[slot])
        part(Kind::value, Part::table, names_of((*left)[slot]), names_of((*right)[slot]),
             fmt::format("{} at {}", corpora::name_of(op), engine::name_of(engine::table_keys()[slot])));
  }

  const corpora::Program& program_;
  DispatchMachine& judge_;
  DispatchMachine& machine_;
  std::optional<Part> only_;
  std::string_view entry_;
  Conformed made_;
  size_t at_ = 0;
  unsigned asked_ = 0;
};

}  // namespace

std::string_view name_of(StepError error) {
  constexpr std::array<std::string_view, 6> names{"none",    "refused",  "not implemented",
                                                  "runtime", "internal", "thrown by a kernel"};
  return names[static_cast<size_t>(error)];
}

std::string to_text(const Parting& parting) {
  return fmt::format("{}: {} / {}", to_text(parting.place), spelling_of(parting.left),
                     spelling_of(parting.right));
}

Conformed conform(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
                  std::optional<Part> only, std::string_view entry) {
  return Comparing(program, judge, machine, only, entry).run();
}

}  // namespace oracles
