// Writing dispatch programs. What is written here, program_parse.cpp reads back to the same statement.
#include <fmt/format.h>

#include "corpora/case/program_words.h"

namespace corpora {

namespace {

std::string argument_text(const ProgramArgument& argument) {
  if (argument.kind == ProgramArgument::Kind::none) return "None";
  if (argument.kind == ProgramArgument::Kind::undefined) return "undefined";
  return to_text(argument.keys);
}

std::string call_text(const Statement& s) {
  std::string text = s.typed ? "call typed " : "call boxed ";
  if (s.redispatch) text += "at " + to_text(s.keys) + " ";
  text.append(name_of(s.op)).append("(");
  for (size_t i = 0; i < s.arguments.size(); ++i) {
    if (i > 0) text += ", ";
    text += argument_text(s.arguments[i]);
  }
  return text + ")";
}

}  // namespace

std::string to_text(engine::KeySet keys) {
  constexpr std::string_view before = "DispatchKeySet(";
  std::string text = engine::to_string(keys);
  return "{" + text.substr(before.size(), text.size() - before.size() - 1) + "}";
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
    case StatementKind::throw_away:
      return "throw";
    case StatementKind::call:
      break;
  }
  return call_text(s);
}

}  // namespace corpora
