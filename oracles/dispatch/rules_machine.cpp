#include "oracles/dispatch/rules_machine.h"

#include <algorithm>
#include <utility>

#include "oracles/dispatch/translate.h"

namespace oracles {

using corpora::Act;
using corpora::Flavour;
using corpora::ProgramArgument;
using corpora::ProgramOp;
using corpora::StatementKind;
using reference::Found;
using reference::Key;
using reference::Keys;
using reference::Target;
using reference::Why;

namespace {

constexpr int inner_guard = -1;  // the number of a kernel's own guard

}  // namespace

const reference::DispatchRules& sound_rules() {
  static const reference::DispatchRules rules;
  return rules;
}

RulesMachine::RulesMachine(const reference::DispatchRules& rules, std::vector<AmbientFallback> ambient)
    : rules_(rules), ambient_(std::move(ambient)) {
  begin();
}

DispatchMachine& RulesMachine::judge() {
  if (!judge_) judge_ = std::make_unique<RulesMachine>(sound_rules(), ambient_);
  return *judge_;
}

void RulesMachine::begin() {
  for (Operator& op : operators_) op = {};
  registered_.clear();
  open_.clear();
  fallbacks_.assign(reference::all_keys().size(), -1);
  for (const AmbientFallback& each : ambient_) {
    const size_t slot = reference::target_named(engine::name_of(each.key));
    fallbacks_[slot] = foreign_kernel + (each.falls_through ? 0 : 1);
  }
}

bool RulesMachine::falls_through(const Found& found) const {
  if (found.kernel >= foreign_kernel) return found.kernel == foreign_kernel;
  return found.kernel >= 0 && kernel(found.kernel).act == Act::falls_through;
}

// --- registering

void RulesMachine::refresh_all(Operator& op) {
  op.table.resize(reference::all_keys().size());
  for (size_t slot = 0; slot < op.table.size(); ++slot)
    op.table[slot] = rules_.resolve(op.newest, fallbacks_, reference::all_keys()[slot]);
}

// A typed kernel must match the definition and the other typed kernels.
bool RulesMachine::signature_refused(const Operator& op, const Statement& registration) const {
  const auto clashes = [&](int number) {
    const Flavour other = kernel(number).flavour;
    return other != Flavour::boxed && other != registration.flavour;
  };
  if (registration.kind == StatementKind::define)
    return std::any_of(op.kernels.begin(), op.kernels.end(),
                       [&](int k) { return kernel(k).flavour == Flavour::other_type; });
  if (registration.flavour == Flavour::boxed) return false;
  if (op.definition >= 0 && registration.flavour == Flavour::other_type) return true;
  return std::any_of(op.kernels.begin(), op.kernels.end(), clashes);
}

StepError RulesMachine::define(const Statement& s) {
  Operator& op = operator_of(s.op);
  if (op.definition >= 0 || signature_refused(op, s)) return StepError::refused;
  const bool was_there = exists(op);
  if (!was_there) op.newest.assign(reference::target_count(), -1);
  op.definition = s.number;
  if (!was_there) refresh_all(op);
  return StepError::none;
}

Target RulesMachine::target_of(const Statement& s) {
  return s.key == engine::DispatchKey::Undefined ? reference::target_of(reference::Alias::composite_implicit)
                                                 : reference::target_named(engine::name_of(s.key));
}

// No kernel can be registered for Dense without a backend.
StepError RulesMachine::implement(const Statement& s) {
  const Target target = target_of(s);
  return reference::is_part(target) ? StepError::refused : add_kernel(s, target);
}

StepError RulesMachine::add_kernel(const Statement& s, Target target) {
  Operator& op = operator_of(s.op);
  registered_.back().target = target;
  if (signature_refused(op, s)) return StepError::refused;
  const bool was_there = exists(op);
  if (!was_there) op.newest.assign(reference::target_count(), -1);
  op.kernels.push_back(s.number);
  op.newest[target] = s.number;
  if (was_there)
    changed(op, {target});
  else
    refresh_all(op);
  return StepError::none;
}

std::vector<size_t> RulesMachine::slots_served(const Statement& fallback) const {
  const Target target = reference::target_named(engine::name_of(fallback.key));
  std::vector<size_t> slots;
  for (size_t slot = 1; slot < reference::all_keys().size(); ++slot)
    if (slot == target ||
        (reference::is_alias(target) &&
         rules_.serves_slot(static_cast<reference::Alias>(target - reference::all_keys().size()), slot)))
      slots.push_back(slot);
  return slots;
}

// A fallback for an alias serves all of its slots; if one of them is taken, it is rejected.
StepError RulesMachine::fallback(const Statement& s) {
  const std::vector<size_t> slots = slots_served(s);
  const bool taken =
      std::any_of(slots.begin(), slots.end(), [&](size_t slot) { return fallbacks_[slot] >= 0; });
  if (slots.empty() || taken) return StepError::refused;
  put_fallback(slots);
  return StepError::none;
}

void RulesMachine::put_fallback(const std::vector<size_t>& slots) {
  Registered& made = registered_.back();
  for (size_t slot : slots) fallbacks_[slot] = made.statement.number;
  for (Operator& op : operators_)
    if (exists(op)) changed(op, slots);
  made.slots = slots;
  made.live = !slots.empty();
}

void RulesMachine::drop(int number) {
  Registered& gone = registered_[static_cast<size_t>(number)];
  if (!std::exchange(gone.live, false)) return;
  if (gone.statement.kind == StatementKind::fallback) {
    for (size_t slot : gone.slots) fallbacks_[slot] = -1;
    for (Operator& op : operators_)
      if (exists(op)) changed(op, gone.slots);
    return;
  }
  Operator& op = operator_of(gone.statement.op);
  if (gone.statement.kind == StatementKind::define) {
    op.definition = -1;
  } else {
    std::erase(op.kernels, number);
    if (op.newest[gone.target] == number) {
      op.newest[gone.target] = -1;
      for (int each : op.kernels)
        if (registered_[static_cast<size_t>(each)].target == gone.target) op.newest[gone.target] = each;
      changed(op, {gone.target});
    }
  }
  if (!exists(op)) op = {};
}

// --- guards

void RulesMachine::leave(size_t guard) { open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(guard)); }

// --- calling

Keys RulesMachine::argument_keys(const Statement& call, bool) const {
  Keys keys;
  if (call.op == ProgramOp::generator && call.arguments[0].kind == ProgramArgument::Kind::given)
    return {{reference::layer_named("Dense")}, {reference::backend_named("CPU")}};
  for (const ProgramArgument& argument : call.arguments) {
    if (argument.kind == ProgramArgument::Kind::given) keys.add(plain(argument.keys));
    if (argument.kind == ProgramArgument::Kind::undefined) keys.add(rules_.of_undefined_tensor());
  }
  return keys;
}

RulesMachine::Ending RulesMachine::plain_result(const Statement& call, bool last) const {
  Ending ending;
  const ProgramArgument* found = nullptr;
  if (call.op != ProgramOp::generator)
    for (const ProgramArgument& argument : call.arguments)
      if (argument.kind != ProgramArgument::Kind::none && (last || !found)) found = &argument;
  const bool given = found && found->kind == ProgramArgument::Kind::given;
  ending.results.push_back(given ? found->keys : packed(rules_.of_undefined_tensor()));
  const bool first = found == call.arguments.data();
  // All undefined tensors count as the same tensor.
  ending.written = first || (!given && found && call.arguments[0].kind == ProgramArgument::Kind::undefined);
  return ending;
}

RulesMachine::Ending RulesMachine::check_results(Ending ending, const Statement& call) const {
  if (ending.error != StepError::none) return ending;
  const bool other = call.op == ProgramOp::in_place && !ending.written;
  return ending.results.size() != 1 || other ? failed(StepError::internal) : ending;
}

RulesMachine::Ending RulesMachine::call_nested(Operator& op, const Keys& keys, Running running,
                                               const Statement& by) {
  const int layer = keys.layers.empty() ? 0 : *keys.layers.rbegin();
  if (layer == 0 || running.depth >= corpora::calls_deep_max) return plain_result(running.call, false);
  ++running.depth;
  const bool typed = by.flavour != Flavour::boxed;
  if (by.act == Act::redispatches) return run(op, rules_.below(keys, layer), running, typed);
  enter({inner_guard, reference::GuardOf::exclude, {{layer}, {}}, {}});
  Ending ending = call(op, running, typed);
  leave(open_.size() - 1);
  return ending;
}

RulesMachine::Ending RulesMachine::missing(const Operator&, const Keys& keys) const {
  Ending ending = failed(StepError::not_implemented);
  ending.missing_at = packed(rules_.highest(keys));
  return ending;
}

void RulesMachine::on_kernel(const Statement& kernel, bool, const Running& running) {
  running.outcome.ran.push_back(kernel.number);
}

RulesMachine::Ending RulesMachine::run(Operator& op, Keys keys, Running running, bool typed) {
  Found found = op.table[reference::slot_of(rules_.highest(keys))];
  while (falls_through(found)) {
    if (!rules_.passes_fallthroughs()) return failed(StepError::internal);
    if (keys.layers.empty()) {
      found = {};
      break;
    }
    keys.layers.erase(std::prev(keys.layers.end()));
    found = op.table[reference::slot_of(rules_.highest(keys))];
  }
  if (found.why == Why::ambiguous_autograd_other) return failed(StepError::internal);
  if (found.kernel < 0) return missing(op, keys);
  if (found.kernel >= foreign_kernel) {
    Ending ending;
    ending.foreign = true;
    return ending;
  }
  const Statement& by = kernel(found.kernel);
  if (by.flavour == Flavour::other_type) {  // only without a definition: it would read a missing argument
    Ending ending;
    ending.foreign = true;
    return ending;
  }
  on_kernel(by, typed, running);
  Ending ending;
  switch (by.act) {
    case Act::throws:
      return failed(StepError::kernel);
    case Act::redispatches:
    case Act::recalls:
      ending = call_nested(op, keys, running, by);
      break;
    case Act::other_tensor:
      ending = plain_result(running.call, true);
      break;
    default:
      ending = plain_result(running.call, false);
      if (by.act == Act::two_results) ending.results.push_back(ending.results.front());
  }
  return typed && by.flavour == Flavour::boxed ? check_results(std::move(ending), running.call) : ending;
}

RulesMachine::Ending RulesMachine::call(Operator& op, const Running& running, bool typed) {
  const Keys keys = rules_.effective(argument_keys(running.call, typed), thread(), [&](Key key) {
    return falls_through(op.table[reference::slot_of(key)]);
  });
  return run(op, keys, running, typed);
}

StepOutcome RulesMachine::step(const Statement& s) {
  StepOutcome outcome;
  if (s.registers()) registered_.push_back({s, 0, {}, false});
  switch (s.kind) {
    case StatementKind::define:
      outcome.error = define(s);
      registered_.back().live = outcome.error == StepError::none;
      break;
    case StatementKind::implement:
      outcome.error = implement(s);
      registered_.back().live = outcome.error == StepError::none;
      break;
    case StatementKind::fallback:
      outcome.error = fallback(s);
      break;
    case StatementKind::drop:
      drop(s.number);
      break;
    case StatementKind::guard:
      enter({s.number, static_cast<reference::GuardOf>(s.guard), plain(s.keys), plain(s.excluded)});
      break;
    case StatementKind::end:
      for (size_t i = 0; i < open_.size(); ++i)
        if (open_[i].number == s.number) {
          leave(i);
          break;
        }
      break;
    case StatementKind::unwind:
      while (!open_.empty()) leave(open_.size() - 1);
      break;
    case StatementKind::call: {
      Operator& op = operator_of(s.op);
      Ending ending = failed(StepError::runtime);
      const Running running{s, outcome, 0};
      if (can_be_called(op, s))
        ending = s.redispatch ? run(op, plain(s.keys), running, s.typed) : call(op, running, s.typed);
      outcome.error = ending.error;
      outcome.missing_at = ending.missing_at;
      outcome.foreign = ending.foreign;
      if (ending.error == StepError::none) outcome.results = std::move(ending.results);
    }
  }
  const reference::ThreadSets now = thread();
  outcome.included = packed(now.included);
  outcome.excluded = packed(now.excluded);
  return outcome;
}

std::optional<ProgramTable> RulesMachine::table(ProgramOp which) {
  const Operator& op = operator_of(which);
  if (!exists(op)) return std::nullopt;
  ProgramTable made;
  for (size_t slot = 0; slot < made.size(); ++slot) {
    const Found& found = op.table[plain_slots()[slot]];
    made[slot] = op.definition < 0 ? TableEntry{-1, Why::no_schema} : TableEntry{found.kernel, found.why};
  }
  return made;
}

std::string RulesMachine::end() {
  while (!open_.empty()) leave(open_.size() - 1);
  for (size_t i = registered_.size(); i-- > 0;) drop(static_cast<int>(i));
  std::string left;
  for (size_t i = 0; i < operators_.size(); ++i)
    if (exists(operators_[i]))
      left += std::string(corpora::name_of(static_cast<ProgramOp>(i))) + " still exists; ";
  if (thread() != rules_.initial()) left += "the thread's keys have changed; ";
  return left;
}

}  // namespace oracles
