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

constexpr int inner_guard = -1;  // of a kernel

bool has_list(const corpora::Statement& call) {
  return corpora::takes_list(call.op) && call.arguments.size() > corpora::fixed_arguments(call.op);
}

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

void RulesMachine::refresh(Operator& op, Target target) {
  for (size_t slot = 0; slot < op.table.size(); ++slot)
    if (rules_.refreshes(target, reference::all_keys()[slot]))
      op.table[slot] = rules_.resolve(op.newest, fallbacks_, reference::all_keys()[slot]);
}

void RulesMachine::change(Operator& op, Target target, bool was_there) {
  if (!was_there)
    refresh_all(op);
  else
    refresh(op, target);
}

// A typed kernel must fit the definition, and the other typed kernels.
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
  const bool was_there = op.there();
  if (op.definition >= 0 || signature_refused(op, s)) {
    refused(op, s);
    return StepError::refused;
  }
  if (!was_there) op.newest.assign(reference::target_count(), -1);
  op.definition = s.number;
  if (!was_there) refresh_all(op);
  return StepError::none;
}

StepError RulesMachine::implement(const Statement& s) {
  Operator& op = operator_of(s.op);
  Registered& made = registered_.back();
  made.target = s.key == engine::DispatchKey::Undefined
                    ? reference::target_of(reference::Alias::composite_implicit)
                    : reference::target_named(engine::name_of(s.key));
  if (reference::is_part(made.target) && refuses_part(made.target)) return StepError::refused;
  const bool was_there = op.there();
  if (signature_refused(op, s)) {
    refused(op, s);
    return StepError::refused;
  }
  if (!was_there) op.newest.assign(reference::target_count(), -1);
  if (s.flavour != Flavour::boxed && op.signature < 0) op.signature = static_cast<int>(s.flavour);
  op.kernels.push_back(s.number);
  op.newest[made.target] = s.number;
  change(op, made.target, was_there);
  return StepError::none;
}

StepError RulesMachine::fallback(const Statement& s) {
  Registered& made = registered_.back();
  const Target target = reference::target_named(engine::name_of(s.key));
  std::vector<size_t> slots;
  for (size_t slot = 1; slot < reference::all_keys().size(); ++slot)
    if (slot == target ||
        (reference::is_alias(target) &&
         rules_.serves_slot(static_cast<reference::Alias>(target - reference::all_keys().size()), slot)))
      slots.push_back(slot);
  if (slots.empty()) return StepError::refused;
  std::sort(slots.begin(), slots.end(),
            [&](size_t a, size_t b) { return expansion_order(a) < expansion_order(b); });
  const auto taken =
      std::find_if(slots.begin(), slots.end(), [&](size_t slot) { return fallbacks_[slot] >= 0; });
  const bool refused = taken != slots.end();
  if (refused) slots.erase(fallback_is_whole() ? slots.begin() : taken, slots.end());
  for (size_t slot : slots) {
    fallbacks_[slot] = s.number;
    for (Operator& op : operators_)
      if (op.there()) fallback_changed(op, slot);
  }
  made.slots = slots;
  made.live = !slots.empty();
  return refused ? StepError::refused : StepError::none;
}

void RulesMachine::fallback_changed(Operator& op, size_t slot) {
  op.table[slot] = rules_.resolve(op.newest, fallbacks_, reference::all_keys()[slot]);
}

void RulesMachine::dropped(Operator& op, Target target) { refresh(op, target); }

void RulesMachine::drop(int number) {
  Registered& gone = registered_[static_cast<size_t>(number)];
  if (!std::exchange(gone.live, false)) return;
  if (gone.statement.kind == StatementKind::fallback) {
    for (size_t slot : gone.slots) {
      fallbacks_[slot] = -1;
      for (Operator& op : operators_)
        if (op.there()) fallback_changed(op, slot);
    }
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
      dropped(op, gone.target);
    }
  }
  if (!op.there()) op = {};
}

// --- guards

bool RulesMachine::enter(reference::OpenGuard guard) {
  open_.push_back(std::move(guard));
  entered();
  return true;
}

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
  // Two undefined tensors are the same.
  ending.written = first || (!given && found && call.arguments[0].kind == ProgramArgument::Kind::undefined);
  return ending;
}

RulesMachine::Ending RulesMachine::check_results(Ending ending, const Statement& call) const {
  if (ending.error != StepError::none) return ending;
  const bool other = call.op == ProgramOp::in_place && !ending.written;
  return ending.results.size() != 1 || other ? failed(StepError::internal) : ending;
}

RulesMachine::Ending RulesMachine::go_on(Operator& op, const Keys& keys, Running running,
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
  if (by.flavour == Flavour::other_type) {  // only without a definition: it would take what is not there
    Ending ending;
    ending.foreign = true;
    return ending;
  }
  running.told.ran.push_back(found.kernel);
  if (typed || by.flavour != Flavour::boxed) running.shares_lists = false;
  boxed_to_typed_ = boxed_to_typed_ || (!typed && by.flavour != Flavour::boxed);
  Ending ending;
  switch (by.act) {
    case Act::throws:
      enter({inner_guard, reference::GuardOf::include, {{reference::layer_named("VmapMode")}, {}}, {}});
      if (rules_.ends_on_exception(open_.back())) leave(open_.size() - 1);
      return failed(StepError::kernel);
    case Act::redispatches:
    case Act::recalls:
      ending = go_on(op, keys, running, by);
      break;
    case Act::other_tensor:
      ending = plain_result(running.call, true);
      break;
    default:
      ending = plain_result(running.call, false);
      if (by.act == Act::writes_list && !lists_are_values() && has_list(running.call) &&
          (running.shares_lists || running.call.op == ProgramOp::optional_list))
        running.told.arguments_kept = false;
      if (by.act == Act::two_results) ending.results.push_back(ending.results.front());
  }
  return typed && by.flavour == Flavour::boxed ? check_results(std::move(ending), running.call) : ending;
}

RulesMachine::Ending RulesMachine::call(Operator& op, Running running, bool typed) {
  const Keys keys = rules_.effective(argument_keys(running.call, typed), thread(), [&](Key key) {
    return falls_through(op.table[reference::slot_of(key)]);
  });
  return run(op, keys, running, typed);
}

StepOutcome RulesMachine::step(const Statement& s) {
  StepOutcome told;
  if (s.registers()) registered_.push_back({s, 0, {}, false});
  switch (s.kind) {
    case StatementKind::define:
      told.error = define(s);
      registered_.back().live = told.error == StepError::none;
      break;
    case StatementKind::implement:
      told.error = implement(s);
      registered_.back().live = told.error == StepError::none;
      break;
    case StatementKind::fallback:
      told.error = fallback(s);
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
    case StatementKind::throw_away:
      for (size_t i = open_.size(); i-- > 0;)
        if (rules_.ends_on_exception(open_[i])) leave(i);
      break;
    case StatementKind::call: {
      Operator& op = operator_of(s.op);
      Ending ending = failed(StepError::runtime);
      const Running running{s, told, 0, true};
      boxed_to_typed_ = false;
      if (op.there() && (op.definition >= 0 || !needs_schema()) && !(s.typed && handle_refused(op)))
        ending = s.redispatch ? run(op, redispatched(plain(s.keys)), running, s.typed)
                              : call(op, running, s.typed);
      told.error = ending.error;
      told.missing_at = ending.missing_at;
      told.foreign = ending.foreign;
      if (ending.error == StepError::none)
        told.results = std::move(ending.results);
      else if (!s.typed && !stack_kept_on_error(s))
        told.arguments_kept = false;
    }
  }
  const reference::ThreadSets now = thread();
  told.included = packed(now.included);
  told.excluded = packed(now.excluded);
  return told;
}

std::optional<ProgramTable> RulesMachine::table(ProgramOp which) {
  const Operator& op = operator_of(which);
  if (!op.there()) return std::nullopt;
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
    if (operators_[i].there())
      left += std::string(corpora::name_of(static_cast<ProgramOp>(i))) + " is still there; ";
  if (thread() != rules_.initial()) left += "the thread's keys have changed; ";
  return left;
}

}  // namespace oracles
