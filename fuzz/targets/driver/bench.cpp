#include "fuzz/targets/driver/bench.h"

#include <algorithm>

#include "fuzz/campaign/case_order.h"

namespace fuzz {

oracles::IsolatedLimits child_limits() {
  oracles::IsolatedLimits limits;
  limits.timeout_seconds = 2;
  return limits;
}

Bench::Bench(oracles::Subject& subject, Where where) : subject_(subject) {
  subject_.record_trace(true);
  if (where == Where::this_process) return;
  child_ = std::make_unique<oracles::Isolated>(subject_, child_limits());
  child_->watch = [this](oracles::Trial& trial) { watch(trial); };
}

std::vector<Judged> Bench::judge(const corpora::Case& c) {
  if (!takes(c)) return {};
  const uint64_t hash = oracles::content_hash(c);
  std::vector<const oracles::Oracle*> oracles;
  for (const oracles::Oracle& oracle : oracles::all_oracles())
    if (judges(oracle, hash, !c.program.empty()) && (child_ || !oracle.asks_peer)) oracles.push_back(&oracle);
  if (oracles.empty()) return {};
  counters_.begin_input();
  std::vector<oracles::Verdict> made = verdicts(c, oracles);
  counters_.end_input();
  std::vector<Judged> judged;
  for (size_t i = 0; i < made.size(); ++i) judged.push_back({oracles[i], std::move(made[i])});
  return judged;
}

// Operators that are never drawn, such as those that use files or networks, are not run from text either.
bool Bench::takes(const corpora::Case& c) const {
  const bool known = std::ranges::all_of(c.calls, [&](const corpora::Call& call) {
    const corpora::Operator* op = subject_.catalog().find(call.op);
    return op && (!op->off_limits || !c.program.empty()) &&
           op->schema.arguments.size() == call.arguments.size();
  });
  return known && subject_.refuses(c, {}).empty();
}

void Bench::watch(oracles::Trial& trial) {
  trial.after_run = [this](const corpora::Case& ran, const oracles::Outcome& outcome) {
    counters_.note(oracles::cells_of(subject_, ran, outcome));
  };
}

std::vector<oracles::Verdict> Bench::verdicts(const corpora::Case& c,
                                              const std::vector<const oracles::Oracle*>& oracles) {
  if (child_) return child_->check_all(c, oracles);
  oracles::Trial trial(subject_, c);
  watch(trial);
  std::vector<oracles::Verdict> verdicts;
  verdicts.reserve(oracles.size());
  for (const oracles::Oracle* oracle : oracles) verdicts.push_back(oracles::judge(trial, *oracle));
  return verdicts;
}

}  // namespace fuzz
