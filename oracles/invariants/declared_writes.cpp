#include "oracles/invariants/declared_writes.h"

#include <algorithm>
#include <array>

#include "oracles/trial/effects.h"
#include "oracles/trial/experiments.h"

namespace oracles {

namespace {

constexpr size_t arguments_watched = 32;

// The inputs of one argument. Empty if one of its tensors is the result of an earlier call, because changes
// of those are not recorded.
std::vector<int32_t> inputs_of(const corpora::Value& argument) {
  std::vector<int32_t> inputs;
  bool all_inputs = true;
  corpora::for_each_tensor(argument, [&](const corpora::TensorRef& ref) {
    all_inputs = all_inputs && ref.is_input();
    inputs.push_back(ref.index);
  });
  return all_inputs ? inputs : std::vector<int32_t>();
}

// A new version alone is not a write: a library may count one for each call of the operator.
bool is_changed(const CallOutcome& call, int32_t input) {
  return std::ranges::any_of(call.changes, [&](const InputChange& change) {
    return change.input == input && (change.values_changed || change.geometry_changed);
  });
}

// Of all calls of the program's last operator: how often each argument was watched, and what was written.
struct ProgramWrites {
  std::array<size_t, arguments_watched> watched{};
  uint32_t written = 0;
};

ProgramWrites writes_of_program(const corpora::Case& c, const corpora::Operator& op, const Outcome& outcome) {
  ProgramWrites sum;
  for (size_t call = 0; call < outcome.calls.size(); ++call) {
    if (c.calls[call].op != op.name) continue;
    const ArgumentWrites writes = writes_of_call(c, op, outcome, call);
    for (size_t a = 0; a < arguments_watched; ++a) sum.watched[a] += writes.watched >> a & 1;
    sum.written |= writes.written;
  }
  return sum;
}

Divergence divergence_at(int32_t input) {
  return divergence_of(Kind::mutation, {Part::input, input}, Change::values, Change::none);
}

}  // namespace

ArgumentWrites writes_of_call(const corpora::Case& c, const corpora::Operator& op, const Outcome& outcome,
                              size_t call) {
  ArgumentWrites writes;
  if (call >= outcome.calls.size() || outcome.calls[call].status != Status::returned) return writes;
  const auto& declared = op.schema.arguments;
  for (size_t a = 0; a < std::min(declared.size(), arguments_watched); ++a) {
    if (!declares_write(declared[a])) continue;
    const uint32_t bit = uint32_t{1} << a;
    for (const int32_t input : inputs_of(c.calls[call].arguments[a])) {
      if (engine::element_count(c.inputs[static_cast<size_t>(input)].sizes) > 0) writes.watched |= bit;
      if (is_changed(outcome.calls[call], input)) writes.written |= bit;
    }
  }
  return writes;
}

void DeclaredWrites::Sum::add_index(uint64_t index) {
  lowest.insert(std::ranges::lower_bound(lowest, index), index);
  if (lowest.size() > calls_shown) lowest.pop_back();
}

void DeclaredWrites::add(const std::string& op, uint64_t index, ArgumentWrites of_call) {
  const uint32_t either = of_call.watched | of_call.written;
  for (size_t a = 0; a < arguments_watched && either >> a; ++a) {
    if (!(either >> a & 1)) continue;
    Sum& sum = sums_[op][static_cast<int32_t>(a)];
    sum.watched += of_call.watched >> a & 1;
    sum.written += of_call.written >> a & 1;
    if (of_call.watched >> a & 1) sum.add_index(index);
  }
}

void DeclaredWrites::add(const DeclaredWrites& other) {
  for (const auto& [op, by_argument] : other.sums_)
    for (const auto& [argument, more] : by_argument) {
      Sum& sum = sums_[op][argument];
      sum.watched += more.watched;
      sum.written += more.written;
      for (const uint64_t index : more.lowest) sum.add_index(index);
    }
}

std::vector<DeclaredWrites::Unwritten> DeclaredWrites::never_written() const {
  std::vector<Unwritten> found;
  for (const auto& [op, by_argument] : sums_)
    for (const auto& [argument, sum] : by_argument) {
      if (sum.written > 0 || sum.watched < calls_needed) continue;
      found.push_back({op, argument, sum.lowest});
      break;
    }
  return found;
}

Verdict verdict_of(const DeclaredWrites::Unwritten& unwritten) {
  Verdict verdict;
  verdict.judgement = Judgement::differ;
  verdict.divergence = divergence_at(-1);
  verdict.divergence.op = unwritten.op;
  return verdict;
}

bool is_missing_write(const Divergence& divergence) {
  return divergence.kind == Kind::mutation && divergence.left.shown == Shown(Change::values) &&
         divergence.right.shown == Shown(Change::none);
}

std::optional<Divergence> missing_write(Trial& trial) {
  const corpora::Case& c = trial.test_case();
  if (c.calls.size() < DeclaredWrites::calls_shown || !trial.direct().returned()) return std::nullopt;
  const corpora::Operator& op = trial.last_operator();
  const ProgramWrites direct = writes_of_program(c, op, trial.direct());
  for (size_t a = 0; a < arguments_watched; ++a) {
    const auto written = [&](uint32_t bits) { return (bits >> a & 1) != 0; };
    if (direct.watched[a] < DeclaredWrites::calls_shown || written(direct.written)) continue;
    const auto writes = [&](const Outcome& other) {
      return written(writes_of_program(c, op, other).written);
    };
    if (data_can_change(trial, {}, {}, writes)) continue;
    const std::vector<int32_t> inputs = inputs_of(c.calls.back().arguments[a]);
    Divergence d = divergence_at(inputs.empty() ? -1 : inputs.front());
    if (!inputs.empty()) d.right.whole = {result_of(input_snapshot(c, trial.image(), inputs.front()))};
    return d;
  }
  return std::nullopt;
}

}  // namespace oracles
