// The dispatch tables after a program, for laws that compare the tables of two programs.
#pragma once

#include <fmt/format.h>

#include <algorithm>

#include "properties/program_writer.h"

namespace properties {

// The registrations of `program` that exist at its end, renumbered; `numbers` maps new numbers to old ones.
inline Program in_force(const Program& program, const std::vector<bool>& accepted,
                        std::vector<int>& numbers) {
  std::vector<bool> gone(accepted.size());
  for (const Statement& s : program)
    if (s.kind == StatementKind::drop) gone[static_cast<size_t>(s.number)] = true;
  Program kept;
  for (const Statement& s : program) {
    const auto number = static_cast<size_t>(s.number);
    if (!s.registers() || gone[number] || !accepted[number]) continue;
    numbers.push_back(s.number);
    kept.push_back(s);
    kept.back().number = static_cast<int>(kept.size()) - 1;
  }
  return kept;
}

inline Program registrations_of(const Program& program) {
  Program only;
  for (const Statement& s : program)
    if (s.registers() || s.kind == StatementKind::drop) only.push_back(s);
  return only;
}

// The boxed kernels of a program, at most one for each operator and key, renumbered.
inline Program distinct_kernels(const Program& program) {
  Program kernels;
  std::vector<std::pair<ProgramOp, DispatchKey>> used;
  for (const Statement& s : program) {
    if (s.kind != StatementKind::implement) continue;
    const DispatchKey key = s.key == DispatchKey::Undefined ? DispatchKey::CompositeImplicitAutograd : s.key;
    const std::pair target{s.op, key};
    if (engine::is_building_block(key) || std::ranges::find(used, target) != used.end()) continue;
    used.push_back(target);
    kernels.push_back(s);
    kernels.back().flavour = Flavour::boxed;
    kernels.back().number = static_cast<int>(kernels.size()) - 1;
  }
  return kernels;
}

using Tables = std::vector<std::optional<oracles::ProgramTable>>;
inline Tables tables_of(DispatchMachine& machine) {
  Tables all;
  for (size_t i = 0; i < corpora::program_op_count; ++i)
    all.push_back(machine.table(static_cast<ProgramOp>(i)));
  return all;
}
inline void renumber(Tables& tables, const std::vector<int>& numbers) {
  for (auto& table : tables)
    if (table)
      for (auto& entry : *table)
        if (entry && entry->kernel >= 0 && entry->kernel < oracles::foreign_kernel)
          entry->kernel = numbers[static_cast<size_t>(entry->kernel)];
}
inline Tables tables_after(DispatchMachine& machine, const Program& program,
                           std::vector<bool>* accepted = nullptr) {
  machine.begin();
  for (const Statement& s : program) {
    const StepOutcome outcome = machine.step(s);
    if (accepted && s.registers()) accepted->push_back(outcome.error == StepError::none);
  }
  Tables tables = tables_of(machine);
  machine.end();
  return tables;
}
inline std::string first_difference(const Tables& a, const Tables& b) {
  for (size_t op = 0; op < a.size(); ++op) {
    if (a[op].has_value() != b[op].has_value())
      return fmt::format("{} is in one table only", corpora::name_of(static_cast<ProgramOp>(op)));
    for (size_t slot = 0; a[op] && slot < a[op]->size(); ++slot)
      if ((*a[op])[slot] != (*b[op])[slot])
        return fmt::format("{} at {} differs", corpora::name_of(static_cast<ProgramOp>(op)),
                           engine::name_of(engine::table_keys()[slot]));
  }
  return {};
}

}  // namespace properties
