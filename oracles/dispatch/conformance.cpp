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

// What a side shows of each thing that is compared.
Names shown(const std::vector<int>& ran) {
  Names names;
  for (int number : ran) names.push_back(fmt::format("k{}", number));
  return names;
}

Names shown(const std::vector<engine::KeySet>& results) {
  Names names;
  for (engine::KeySet keys : results) names.push_back(corpora::to_text(keys));
  return names;
}

Names shown(engine::KeySet keys) { return {corpora::to_text(keys)}; }

Names shown(const std::optional<TableEntry>& entry) {
  if (!entry) return {};
  const std::string why = fmt::format("[{}]", reference::name_of(entry->why));
  if (entry->kernel < 0) return {why};
  return {entry->kernel >= foreign_kernel ? "foreign" : fmt::format("k{}", entry->kernel), why};
}

Change shown(bool kept) { return kept ? Change::none : Change::values; }

Word shown(const std::string& text) { return {text}; }

Side side_of(const StepOutcome& outcome) {
  if (outcome.error == StepError::none) return {};
  Side side = side_that(End::raised, outcome.message.substr(0, outcome.message.find('\n')));
  side.error_class = name_of(outcome.error);
  if (outcome.error == StepError::not_implemented)
    side.error_class.append(" at ").append(engine::name_of(outcome.missing_at));
  return side;
}

class MachineComparison {
 public:
  MachineComparison(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
                    std::optional<Part> only, std::string_view entry)
      : program_(program), judge_(judge), machine_(machine), only_(only), entry_(entry) {}

  Conformance run() {
    judge_.begin();
    machine_.begin();
    for (; at_ < program_.size() && !made_.divergence; ++at_) step(program_[at_]);
    const std::string left = judge_.end(), right = machine_.end();
    compare(Kind::state, Part::rest, left, right);
    return std::move(made_);
  }

 private:
  void differ(Kind kind, Part part, Side left, Side right, std::string name = {}) {
    if (made_.divergence || (only_ && *only_ != part) || (!entry_.empty() && entry_ != name)) return;
    Divergence& found = made_.divergence.emplace();
    found.kind = kind;
    found.op = corpora::program_operator;
    found.place = {.part = part, .index = static_cast<int32_t>(at_), .name = std::move(name)};
    found.left = std::move(left);
    found.right = std::move(right);
  }
  template <class Compared>
  void compare(Kind kind, Part part, const Compared& left, const Compared& right) {
    if (left != right) differ(kind, part, side_showing(shown(left)), side_showing(shown(right)));
  }

  void step(const Statement& s) {
    const StepOutcome left = judge_.step(s);
    if (left.foreign) {
      ++made_.skipped_steps;
      return;
    }
    const StepOutcome right = machine_.step(s);
    ++made_.compared_steps;
    if (left.error != right.error || left.missing_at != right.missing_at)
      differ(Kind::error, Part::step_error, side_of(left), side_of(right));
    compare(Kind::value, Part::kernels, left.ran, right.ran);
    compare(Kind::state, Part::included, left.included, right.included);
    compare(Kind::state, Part::excluded, left.excluded, right.excluded);
    compare(Kind::outputs, Part::result_keys, left.results, right.results);
    compare(Kind::mutation, Part::arguments, left.arguments_kept, right.arguments_kept);
    if (s.kind == StatementKind::fallback || s.kind == StatementKind::drop) return tables();
    if (s.registers()) table(s.op);
  }

  void tables() {
    for (const Statement& s : program_)
      if (s.kind == StatementKind::define || s.kind == StatementKind::implement)
        registered_[static_cast<size_t>(s.op)] = true;
    for (size_t i = 0; i < corpora::program_op_count && !made_.divergence; ++i)
      if (registered_[i]) table(static_cast<ProgramOp>(i));
  }

  void table(ProgramOp op) {
    if (made_.divergence) return;
    const std::optional<ProgramTable> left = judge_.table(op), right = machine_.table(op);
    const auto definition = [](bool defined) { return side_showing(defined ? Names{"defined"} : Names{}); };
    if (left.has_value() != right.has_value())
      return differ(Kind::value, Part::definition, definition(left.has_value()),
                    definition(right.has_value()), std::string(corpora::name_of(op)));
    if (!left || *left == *right) return;
    for (size_t slot = 0; slot < left->size(); ++slot)
      if ((*right)[slot] && (*left)[slot] != (*right)[slot])
        differ(Kind::value, Part::table, side_showing(shown((*left)[slot])),
               side_showing(shown((*right)[slot])),
               fmt::format("{} at {}", corpora::name_of(op), engine::name_of(engine::table_keys()[slot])));
  }

  const corpora::Program& program_;
  DispatchMachine& judge_;
  DispatchMachine& machine_;
  std::optional<Part> only_;
  std::string_view entry_;
  Conformance made_;
  size_t at_ = 0;
  std::array<bool, corpora::program_op_count> registered_{};  // operators that the program registers
};

}  // namespace

std::string_view name_of(StepError error) {
  constexpr std::array<std::string_view, 6> names{"none",    "refused",  "not implemented",
                                                  "runtime", "internal", "thrown by a kernel"};
  return names[static_cast<size_t>(error)];
}

std::string to_text(const Conformance& conformance) {
  if (!conformance.divergence) return "no difference";
  const Divergence& found = *conformance.divergence;
  return fmt::format("{}: {} / {}", to_text(found.place), spelling_of(found.left), spelling_of(found.right));
}

Conformance conform(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
                    std::optional<Part> only, std::string_view entry) {
  return MachineComparison(program, judge, machine, only, entry).run();
}

}  // namespace oracles
