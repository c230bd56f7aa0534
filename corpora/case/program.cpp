#include "corpora/case/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace corpora {

namespace {

struct Shape {
  std::string_view name, schema;
  size_t fixed;
  bool list;
};
constexpr std::array<Shape, program_op_count> shapes{{
    {"tensor", "(Tensor x) -> Tensor", 1, false},
    {"optional", "(Tensor x, Tensor? y) -> Tensor", 2, false},
    {"list", "(Tensor[] xs) -> Tensor", 0, true},
    {"optional_list", "(Tensor x, Tensor?[] ys) -> Tensor", 1, true},
    {"in_place", "(Tensor(a!) x, Tensor y) -> Tensor(a!)", 2, false},
    {"number", "(int n) -> Tensor", 0, false},
    {"generator", "(Generator? g) -> Tensor", 1, false},
    {"any", "(Any x) -> Tensor", 1, false},
}};

const Shape& shape_of(ProgramOp op) { return shapes[static_cast<size_t>(op)]; }

// Only a Tensor? or an element of a Tensor?[] can be None; a generator has no keys.
std::string fault_of_argument(ProgramOp op, size_t index, const ProgramArgument& argument) {
  using Kind = ProgramArgument::Kind;
  const bool optional = op == ProgramOp::generator || op == ProgramOp::any ||
                        ((op == ProgramOp::optional || op == ProgramOp::optional_list) && index > 0);
  if (argument.kind == Kind::none && !optional)
    return fmt::format("argument {} of {} cannot be None", index, name_of(op));
  if (op == ProgramOp::generator && argument.kind == Kind::undefined) return "a generator is None or {}";
  if ((argument.kind != Kind::given || op == ProgramOp::generator) && !argument.keys.empty())
    return "only a defined tensor has keys";
  return {};
}

std::string fault_of_call(const Statement& call) {
  const Shape& shape = shape_of(call.op);
  const size_t count = call.arguments.size();
  if (count < shape.fixed || (!shape.list && count > shape.fixed) || count > program_arguments_max)
    return fmt::format("{} takes {}{} arguments, not {}", shape.name, shape.fixed,
                       shape.list ? " or more" : "", count);
  for (size_t i = 0; i < count; ++i)
    if (std::string fault = fault_of_argument(call.op, i, call.arguments[i]); !fault.empty()) return fault;
  if (call.typed && call.op == ProgramOp::any) return "an Any argument has no C++ type to call with";
  return {};
}

std::string fault_of_kernel(const Statement& s) {
  if (s.flavour == Flavour::boxed) return {};
  if (s.op == ProgramOp::any) return "an Any argument has no C++ type to register";
  if (s.act == Act::falls_through || s.act >= Act::other_tensor)
    return "a typed kernel returns, redispatches, recalls or throws";
  return {};
}

std::string argument_text(const ProgramArgument& argument) {
  if (argument.kind == ProgramArgument::Kind::none) return "None";
  if (argument.kind == ProgramArgument::Kind::undefined) return "undefined";
  return to_text(argument.keys);
}

std::string call_text(const Statement& s) {
  std::vector<std::string> arguments;
  for (const ProgramArgument& argument : s.arguments) arguments.push_back(argument_text(argument));
  return fmt::format("call {} {}{}({})", s.typed ? "typed" : "boxed",
                     s.redispatch ? "at " + to_text(s.keys) + " " : "", name_of(s.op),
                     fmt::join(arguments, ", "));
}

}  // namespace

std::string_view name_of(ProgramOp op) { return shape_of(op).name; }
std::string_view schema_of(ProgramOp op) { return shape_of(op).schema; }
bool takes_list(ProgramOp op) { return shape_of(op).list; }
size_t fixed_arguments(ProgramOp op) { return shape_of(op).fixed; }

std::string fault_of_program(const Program& program, size_t* at) {
  if (program.size() > statements_max)
    return fmt::format("a program has at most {} statements", statements_max);
  std::vector<bool> registered, open;
  for (size_t i = 0; i < program.size(); ++i) {
    if (at) *at = i;
    const Statement& s = program[i];
    std::string fault;
    const auto number = static_cast<size_t>(s.number);
    const auto made = [&](std::vector<bool>& all, char letter) {
      if (number != all.size())
        fault = fmt::format("expected {}{}: they are numbered in order", letter, all.size());
      all.push_back(true);
    };
    const auto ended = [&](std::vector<bool>& all, char letter) {
      if (number >= all.size() || !all[number])
        fault = fmt::format("{}{} does not exist", letter, s.number);
      else
        all[number] = false;
    };
    if (s.registers()) made(registered, 'k');
    if (s.kind == StatementKind::drop) ended(registered, 'k');
    if (s.kind == StatementKind::guard) made(open, 'g');
    if (s.kind == StatementKind::end) ended(open, 'g');
    if (s.kind == StatementKind::unwind) open.assign(open.size(), false);
    if (s.kind == StatementKind::call) fault = fault_of_call(s);
    if (s.kind == StatementKind::implement && fault.empty()) fault = fault_of_kernel(s);
    if (s.kind == StatementKind::guard && s.guard != GuardKind::force && !s.excluded.empty())
      fault = "only 'force' has two sets";
    if (!fault.empty()) return fault;
  }
  return {};
}

Program renumbered(Program program) {
  std::map<int32_t, int32_t> registered, open;  // old number -> new number
  int32_t next_registered = 0, next_guard = 0;
  const auto ended = [](std::map<int32_t, int32_t>& all, Statement& s) {
    const auto found = all.find(s.number);
    if (found == all.end()) return false;
    s.number = found->second;
    all.erase(found);
    return true;
  };
  const auto is_left_out = [&](Statement& s) {
    if (s.registers()) s.number = registered[s.number] = next_registered++;
    if (s.kind == StatementKind::guard) s.number = open[s.number] = next_guard++;
    if (s.kind == StatementKind::unwind) open.clear();
    if (s.kind == StatementKind::drop) return !ended(registered, s);
    if (s.kind == StatementKind::end) return !ended(open, s);
    return false;
  };
  Program kept;
  for (Statement& s : program)
    if (!is_left_out(s)) kept.push_back(std::move(s));
  return kept;
}

std::string to_text(engine::KeySet keys) {
  constexpr size_t prefix = std::string_view("DispatchKeySet(").size();
  const std::string text = engine::to_string(keys);
  return "{" + text.substr(prefix, text.size() - prefix - 1) + "}";
}

std::string to_text(const Statement& s) {
  const std::string_view act = act_words[static_cast<size_t>(s.act)];
  switch (s.kind) {
    case StatementKind::define:
      return fmt::format("register k{} def {}", s.number, name_of(s.op));
    case StatementKind::implement:
      return fmt::format("register k{} impl {} {} {} {}", s.number, name_of(s.op), engine::name_of(s.key),
                         flavour_words[static_cast<size_t>(s.flavour)], act);
    case StatementKind::fallback:
      return fmt::format("register k{} fallback {} {}", s.number, engine::name_of(s.key), act);
    case StatementKind::drop:
      return fmt::format("drop k{}", s.number);
    case StatementKind::guard: {
      const std::string second = s.guard == GuardKind::force ? " " + to_text(s.excluded) : "";
      return fmt::format("guard g{} {} {}{}", s.number, guard_words[static_cast<size_t>(s.guard)],
                         to_text(s.keys), second);
    }
    case StatementKind::end:
      return fmt::format("drop g{}", s.number);
    case StatementKind::unwind:
      return "throw";
    case StatementKind::call:
      break;
  }
  return call_text(s);
}

}  // namespace corpora
