// Edits of dispatch programs: moves, repeats, removes and imports statements, and toggles keys.
#include <algorithm>

#include "corpora/case/draw_program.h"
#include "corpora/case/mutate_edits.h"

namespace corpora {
namespace {

constexpr size_t mutated_statements_max = 64;

struct Stretch {
  std::ptrdiff_t first, last;
};

Stretch stretch_of(const Program& program, ChoiceSource& choices) {
  const size_t first = choices.below(program.size());
  const size_t length = 1 + choices.below(choices.chance(1, 2) ? 1 : program.size() - first);
  return {static_cast<std::ptrdiff_t>(first), static_cast<std::ptrdiff_t>(first + length)};
}

// Renumbers registrations and guards, so that none has a number of another program.
Program set_apart(Program program) {
  constexpr int32_t beyond = 1 << 16;
  for (Statement& s : program)
    if (s.has_number()) s.number += beyond;
  return program;
}

void flip_key(engine::KeySet& keys, ChoiceSource& choices) {
  const engine::KeySet one(choices.pick(engine::table_keys()));
  keys = engine::KeySet::from_raw(keys.raw() ^ one.raw());
}

void edit_call(Statement& call, ChoiceSource& choices) {
  const uint64_t way = choices.below(8);
  if (way == 0) call.typed = !call.typed;
  if (way == 1 && call.redispatch) flip_key(call.keys, choices);
  if (way < 2 || call.arguments.empty()) return;
  ProgramArgument& argument = call.arguments[choices.below(call.arguments.size())];
  if (argument.kind == ProgramArgument::Kind::given && call.op != ProgramOp::generator)
    flip_key(argument.keys, choices);
}

void edit_kernel(Statement& s, ChoiceSource& choices) {
  const uint64_t way = choices.below(3);
  if (way == 0) s.act = static_cast<Act>(choices.below(act_words.size()));
  if (way == 1) s.key = choices.pick(engine::table_keys());
  if (way == 2 && s.kind == StatementKind::implement)
    s.flavour = static_cast<Flavour>(choices.below(flavour_words.size()));
}

// Changes only what the statement's text shows.
void edit_statement(Statement& s, ChoiceSource& choices) {
  if (s.kind == StatementKind::call) edit_call(s, choices);
  if (s.kind == StatementKind::implement || s.kind == StatementKind::fallback) edit_kernel(s, choices);
  if (s.kind == StatementKind::guard)
    flip_key(s.guard == GuardKind::force && choices.chance(1, 2) ? s.excluded : s.keys, choices);
}

void insert(Program& program, const Program& from, ChoiceSource& choices) {
  const Stretch stretch = stretch_of(from, choices);
  const auto at = static_cast<std::ptrdiff_t>(choices.below(program.size() + 1));
  program.insert(program.begin() + at, from.begin() + stretch.first, from.begin() + stretch.last);
}

Program edited(Program program, ChoiceSource& choices) {
  const Program before = program;
  const Stretch stretch = stretch_of(program, choices);
  switch (choices.below(6)) {
    case 0:
      program.erase(program.begin() + stretch.first, program.begin() + stretch.last);
      break;
    case 1:
      insert(program, before, choices);
      break;
    case 2:
      std::swap(program[choices.below(program.size())], program[static_cast<size_t>(stretch.first)]);
      break;
    case 3:
      insert(program, set_apart(draw_program(choices)), choices);
      break;
    default:
      edit_statement(program[static_cast<size_t>(stretch.first)], choices);
  }
  return program;
}

bool settle(Program& program) {
  program = renumbered(std::move(program));
  return !program.empty() && program.size() <= mutated_statements_max && fault_of_program(program).empty();
}

}  // namespace

Program mutate(const Program& program, ChoiceSource& choices) {
  for (int tries = 0; tries < 8; ++tries)
    if (Program made = edited(program, choices); settle(made) && made != program) return made;
  return draw_program(choices);
}

Program cross(const Program& program, const Program& other, ChoiceSource& choices) {
  const Program apart = set_apart(other);
  Program made = program;
  if (choices.chance(1, 2)) {
    insert(made, apart, choices);
  } else {  // the beginning of `program`, the end of `other`
    const auto kept = static_cast<std::ptrdiff_t>(1 + choices.below(made.size()));
    const auto from = static_cast<std::ptrdiff_t>(choices.below(apart.size()));
    made.erase(made.begin() + kept, made.end());
    made.insert(made.end(), apart.begin() + from, apart.end());
  }
  return settle(made) ? made : mutate(program, choices);
}

}  // namespace corpora
