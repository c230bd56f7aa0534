#include "oracles/dispatch/conformance.h"

#include <fmt/format.h>

#include <algorithm>

namespace oracles {

using corpora::ProgramOp;
using corpora::Statement;
using corpora::StatementKind;

namespace {

std::string text_of(const std::vector<int>& ran) {
  std::string text;
  for (int number : ran) text += fmt::format("{}k{}", text.empty() ? "" : " ", number);
  return text.empty() ? "none" : text;
}

std::string text_of(const std::vector<engine::KeySet>& results) {
  std::string text;
  for (engine::KeySet keys : results) text += (text.empty() ? "" : " ") + corpora::to_text(keys);
  return text.empty() ? "none" : text;
}

std::string error_text(const StepOutcome& told) {
  std::string text(name_of(told.error));
  if (told.error == StepError::not_implemented) text.append(" at ").append(engine::name_of(told.missing_at));
  return told.message.empty() ? text : text + ": " + told.message.substr(0, told.message.find('\n'));
}

std::string text_of(const std::optional<TableEntry>& entry) {
  if (!entry) return "no such key";
  const std::string kernel = entry->kernel < 0                 ? ""
                             : entry->kernel >= foreign_kernel ? "foreign "
                                                               : fmt::format("k{} ", entry->kernel);
  return fmt::format("{}[{}]", kernel, reference::name_of(entry->why));
}

class Comparing {
 public:
  Comparing(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
            std::string_view only)
      : program_(program), judge_(judge), machine_(machine), only_(only) {}

  Conformed run() {
    judge_.begin();
    machine_.begin();
    for (at_ = 0; at_ < program_.size() && !made_.parting; ++at_) one(program_[at_]);
    at_ = std::min(at_, program_.size());
    const std::string left = judge_.end(), right = machine_.end();
    if (!made_.parting && left != right) part(Kind::state, "what is left at the end", left, right);
    return std::move(made_);
  }

 private:
  void part(Kind kind, std::string where, std::string left, std::string right) {
    if (!where.starts_with(only_)) return;
    if (!made_.parting)
      made_.parting = Parting{at_, kind, std::move(where), std::move(left), std::move(right)};
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
      part(Kind::error, "error", error_text(left), error_text(right));
    if (left.ran != right.ran) part(Kind::value, "kernels that ran", text_of(left.ran), text_of(right.ran));
    if (left.included != right.included)
      part(Kind::state, "included keys of the thread", corpora::to_text(left.included),
           corpora::to_text(right.included));
    if (left.excluded != right.excluded)
      part(Kind::state, "excluded keys of the thread", corpora::to_text(left.excluded),
           corpora::to_text(right.excluded));
    if (left.results != right.results)
      part(Kind::outputs, "keys of the results", text_of(left.results), text_of(right.results));
    if (left.arguments_kept != right.arguments_kept)
      part(Kind::mutation, "the caller's arguments", left.arguments_kept ? "kept" : "changed",
           right.arguments_kept ? "kept" : "changed");
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
      return part(Kind::value, fmt::format("{}", corpora::name_of(op)), left ? "there" : "not there",
                  right ? "there" : "not there");
    if (!left || *left == *right) return;
    for (size_t slot = 0; slot < left->size(); ++slot)
      if ((*right)[slot] && (*left)[slot] != (*right)[slot])
        part(Kind::value,
             fmt::format("table of {} at {}", corpora::name_of(op),
                         engine::name_of(engine::table_keys()[slot])),
             text_of((*left)[slot]), text_of((*right)[slot]));
  }

  const corpora::Program& program_;
  DispatchMachine& judge_;
  DispatchMachine& machine_;
  std::string_view only_;
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

Conformed conform(const corpora::Program& program, DispatchMachine& judge, DispatchMachine& machine,
                  std::string_view only) {
  return Comparing(program, judge, machine, only).run();
}

}  // namespace oracles
