// Proposes dispatch programs with fewer statements, then with simpler ones.
#include <algorithm>
#include <bit>
#include <utility>

#include "corpora/case/simpler_passes.h"

namespace corpora {

namespace {

void propose_without(Candidates& candidates, size_t first, size_t count) {
  candidates.with([&](Case& c) {
    const auto at = [&](size_t i) {
      return c.program.begin() + static_cast<std::ptrdiff_t>(std::min(i, c.program.size()));
    };
    c.program.erase(at(first), at(first + count));
    c.program = renumbered(std::move(c.program));
    return !c.program.empty();
  });
}

template <class Edit>
void propose_edit(Candidates& candidates, size_t at, Edit&& edit) {
  candidates.with([&](Case& c) { return edit(c.program[at]); });
}

// Without each of the set's bits.
void propose_fewer_keys(Candidates& candidates, size_t at, engine::KeySet Statement::* set) {
  for (uint64_t left = (candidates.base().program[at].*set).raw(); left != 0; left &= left - 1)
    propose_edit(candidates, at,
                 [&](Statement& s) { s.*set = engine::KeySet::from_raw((s.*set).raw() & ~(left & -left)); });
}

void propose_arguments_of(Candidates& candidates, size_t at) {
  const Statement& call = candidates.base().program[at];
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (i >= fixed_arguments(call.op))
      propose_edit(candidates, at, [&](Statement& s) {
        s.arguments.erase(s.arguments.begin() + static_cast<std::ptrdiff_t>(i));
      });
    for (const auto kind : {ProgramArgument::Kind::none, ProgramArgument::Kind::undefined})
      propose_edit(candidates, at, [&](Statement& s) { s.arguments[i] = {kind, {}}; });
    for (uint64_t left = call.arguments[i].keys.raw(); left != 0; left &= left - 1)
      propose_edit(candidates, at, [&](Statement& s) {
        s.arguments[i].keys = engine::KeySet::from_raw(s.arguments[i].keys.raw() & ~(left & -left));
      });
  }
}

void propose_simpler(Candidates& candidates, size_t at) {
  const auto set = [&](auto member, auto value) {
    propose_edit(candidates, at, [&](Statement& s) { s.*member = value; });
  };
  set(&Statement::act, Act::returns);
  set(&Statement::act, Act::redispatches);
  set(&Statement::flavour, Flavour::boxed);
  set(&Statement::flavour, Flavour::typed);
  set(&Statement::typed, false);
  propose_edit(candidates, at, [&](Statement& s) {
    s.redispatch = false;
    s.keys = {};
  });
  propose_fewer_keys(candidates, at, &Statement::keys);
  propose_fewer_keys(candidates, at, &Statement::excluded);
  propose_arguments_of(candidates, at);
}

}  // namespace

void propose_program(Candidates& candidates, const Catalog&) {
  const size_t count = candidates.base().program.size();
  for (size_t length = count / 2; length > 0; length /= 2)
    for (size_t first = 0; first < count; first += length) propose_without(candidates, first, length);
  for (size_t at = 0; at < count; ++at) propose_simpler(candidates, at);
}

void measure_program(const Program& program, Measure& measure) {
  const auto bits = [](engine::KeySet keys) { return static_cast<uint64_t>(std::popcount(keys.raw())); };
  measure.statements = program.size();
  for (const Statement& s : program) {
    measure.details += bits(s.keys) + bits(s.excluded) + 2 * static_cast<uint64_t>(s.act) +
                       static_cast<uint64_t>(s.flavour) + s.typed + s.redispatch;
    for (const ProgramArgument& argument : s.arguments)
      measure.details += 2 + static_cast<uint64_t>(argument.kind) + bits(argument.keys);
  }
}

}  // namespace corpora
