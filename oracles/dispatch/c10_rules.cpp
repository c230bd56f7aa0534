#include "oracles/dispatch/c10_rules.h"

#include <algorithm>
#include <array>
#include <utility>

namespace oracles {

using corpora::Flavour;
using corpora::ProgramArgument;
using corpora::ProgramOp;
using reference::Alias;
using reference::GuardOf;
using reference::Key;
using reference::Keys;
using reference::Target;

namespace {

std::string_view layer_name(Key key) { return reference::layers()[static_cast<size_t>(key.layer)].name; }
std::string_view backend_name(Key key) { return reference::backends()[static_cast<size_t>(key.backend)]; }

bool is_of_backends(Key key) {
  constexpr std::array<std::string_view, 9> layers{
      "Dense", "Quantized", "Sparse", "SparseCsr", "FPGA", "Vulkan", "Metal", "CustomRNGKeyId", "MkldnnCPU"};
  return std::find(layers.begin(), layers.end(), layer_name(key)) != layers.end();
}

}  // namespace

// Before 2.0, Meta is just below the out-of-tree backends.
int C10Rules::rank(int backend) const {
  static const int meta = reference::backend_named("Meta"), after = reference::backend_named("PrivateUse1");
  return backend == meta && !version_.meta_is_highest ? 2 * after - 1 : 2 * backend;
}

// The other backends share AutogradOther.
bool C10Rules::has_own_autograd(std::string_view backend) const {
  constexpr std::array<std::string_view, 12> own{"CPU",  "CUDA",        "XLA",         "MPS",
                                                 "IPU",  "XPU",         "HPU",         "Lazy",
                                                 "Meta", "PrivateUse1", "PrivateUse2", "PrivateUse3"};
  if (version_.maia_has_autograd && backend == "MAIA") return true;
  return std::find(own.begin(), own.end(), backend) != own.end();
}

int C10Rules::highest_backend(const Keys& keys) const {
  int highest = 0;
  for (int backend : keys.backends)
    if (highest == 0 || rank(backend) > rank(highest)) highest = backend;
  return highest;
}

Key C10Rules::highest(const Keys& keys) const {
  if (keys.layers.empty()) return {};
  const int layer = *keys.layers.rbegin();
  if (!reference::layers()[static_cast<size_t>(layer)].per_backend) return {layer, 0};
  return {layer, std::max(1, highest_backend(keys))};
}

int C10Rules::backend_of_mask(const Keys& arguments, const Keys& keys) const {
  return highest_backend(version_.effective_mask ? keys : arguments);
}

bool C10Rules::serves(Alias alias, Key key) const {
  if (alias == Alias::composite_implicit && layer_name(key) == "Functionalize") return false;
  return DispatchRules::serves(alias, key);
}

std::vector<Key> C10Rules::backends_of_autograd(Key key) const {
  if (layer_name(key) == "AutogradFunctionality" && !has_own_autograd(backend_name(key))) return {};
  return DispatchRules::backends_of_autograd(key);
}

// A kernel for a layer without a backend counts, although no call reaches it.
bool C10Rules::has_backend_kernel(const reference::Newest& newest, size_t slot) const {
  if (DispatchRules::has_backend_kernel(newest, slot)) return true;
  for (Target part = reference::all_keys().size() + reference::alias_count; part < newest.size(); ++part) {
    if (newest[part] < 0) continue;
    for (size_t own : backend_slots(slot))
      if (reference::all_keys()[own].layer == reference::part_layer(part)) return true;
  }
  return false;
}

bool C10Rules::refreshes(Target target, Key slot) const {
  if (reference::is_part(target))
    return layer_name(slot) == "AutogradOther" && is_of_backends({reference::part_layer(target), 0});
  const auto is_autograd_of = [&](std::string_view backend) {
    if (!has_own_autograd(backend)) return layer_name(slot) == "AutogradOther";
    return layer_name(slot) == "AutogradFunctionality" && backend_name(slot) == backend;
  };
  if (reference::is_alias(target)) {
    const auto alias = static_cast<Alias>(target - reference::all_keys().size());
    return serves_slot(alias, reference::slot_of(slot));
  }
  const Key key = reference::all_keys()[target];
  if (slot == key) return true;
  if (!is_of_backends(key)) return false;
  return is_autograd_of(key.backend == 0 ? "none" : backend_name(key));
}

reference::ThreadSets C10Rules::initial() const {
  reference::ThreadSets sets = DispatchRules::initial();
  std::erase_if(sets.excluded.layers, [&](int layer) {
    return !known_.contains(reference::layers()[static_cast<size_t>(layer)].name);
  });
  return sets;
}

// --- the machine

C10RulesMachine::C10RulesMachine(const C10Rules& rules, std::vector<AmbientFallback> ambient)
    : RulesMachine(rules, std::move(ambient)), c10_(rules), now_(rules.initial()) {}

void C10RulesMachine::begin() {
  RulesMachine::begin();
  now_ = rules_.initial();
  taken_.clear();
  kept_ = {};
}

StepOutcome C10RulesMachine::step(const Statement& s) {
  shares_lists_ = true;
  boxed_to_typed_ = false;
  StepOutcome outcome = RulesMachine::step(s);
  const bool boxed = s.kind == corpora::StatementKind::call && !s.typed;
  if (boxed && outcome.error != StepError::none && !stack_kept_on_error(s)) outcome.arguments_kept = false;
  for (const Operator& op : operators_)
    if (!exists(op)) kept(op) = {};
  return outcome;
}

bool C10RulesMachine::exists(const Operator& op) const { return RulesMachine::exists(op) || kept(op).named; }

// A rejected registration leaves the operator's name and the C++ signature of its kernel.
void C10RulesMachine::keep_name(Operator& op) {
  if (exists(op)) return;
  op.newest.assign(reference::target_count(), -1);
  kept(op).named = true;
  refresh_all(op);
}

StepError C10RulesMachine::define(const Statement& s) {
  const StepError error = RulesMachine::define(s);
  if (error != StepError::none) keep_name(operator_of(s.op));
  return error;
}

StepError C10RulesMachine::implement(const Statement& s) {
  Operator& op = operator_of(s.op);
  const StepError error = add_kernel(s, target_of(s));
  if (error != StepError::none) keep_name(op);
  if (s.flavour != Flavour::boxed && kept(op).signature < 0) kept(op).signature = static_cast<int>(s.flavour);
  return error;
}

// Registers the slots before the first one that is taken.
StepError C10RulesMachine::fallback(const Statement& s) {
  std::vector<size_t> slots = slots_served(s);
  const auto order = [this](size_t slot) {
    const Key key = reference::all_keys()[slot];
    return std::pair(key.layer, key.backend == 0 ? 0 : c10_.rank(key.backend));
  };
  std::sort(slots.begin(), slots.end(), [&](size_t a, size_t b) { return order(a) < order(b); });
  const auto taken =
      std::find_if(slots.begin(), slots.end(), [&](size_t slot) { return fallbacks_[slot] >= 0; });
  const bool refused = slots.empty() || taken != slots.end();
  slots.erase(taken, slots.end());
  put_fallback(slots);
  return refused ? StepError::refused : StepError::none;
}

void C10RulesMachine::changed(Operator& op, const std::vector<Target>& targets) {
  const auto refreshed = [&](Key slot) {
    return std::any_of(targets.begin(), targets.end(),
                       [&](Target target) { return c10_.refreshes(target, slot); });
  };
  for (size_t slot = 0; slot < op.table.size(); ++slot)
    if (refreshed(reference::all_keys()[slot]))
      op.table[slot] = rules_.resolve(op.newest, fallbacks_, reference::all_keys()[slot]);
}

bool C10RulesMachine::can_be_called(const Operator& op, const Statement& call) const {
  return exists(op) && !(call.typed && kept(op).signature == static_cast<int>(Flavour::other_type));
}

void C10RulesMachine::on_kernel(const Statement& kernel, bool typed, const Running& running) {
  RulesMachine::on_kernel(kernel, typed, running);
  const Statement& call = running.call;
  const bool typed_kernel = kernel.flavour != Flavour::boxed;
  if (typed || typed_kernel) shares_lists_ = false;
  boxed_to_typed_ = boxed_to_typed_ || (!typed && typed_kernel);
  const bool has_list =
      corpora::takes_list(call.op) && call.arguments.size() > corpora::fixed_arguments(call.op);
  if (kernel.act == corpora::Act::writes_list && has_list &&
      (shares_lists_ || call.op == ProgramOp::optional_list))
    running.outcome.arguments_kept = false;
}

std::optional<ProgramTable> C10RulesMachine::table(ProgramOp op) {
  Operator& known = operator_of(op);
  if (!exists(known)) return std::nullopt;
  const std::vector<reference::Found> cached = known.table;
  const int definition = std::exchange(known.definition, 0);
  refresh_all(known);
  std::optional<ProgramTable> made = RulesMachine::table(op);
  for (std::optional<TableEntry>& entry : *made)  // c10 reports both with the same words
    if (entry->why == reference::Why::composite_explicit_non_functional)
      entry->why = reference::Why::composite_explicit;
  known.table = cached;
  known.definition = definition;
  return made;
}

// The first C++ signature stays (signature_of_the_living), even that of a rejected registration.
bool C10RulesMachine::signature_refused(const Operator& op, const Statement& registration) const {
  if (registration.kind == corpora::StatementKind::define)
    return RulesMachine::signature_refused(op, registration);
  if (registration.flavour == Flavour::boxed) return false;
  if (kept(op).signature >= 0 && kept(op).signature != static_cast<int>(registration.flavour)) return true;
  return op.definition >= 0 && registration.flavour == Flavour::other_type;
}

Keys C10RulesMachine::argument_keys(const Statement& call, bool typed) const {
  if (typed) return RulesMachine::argument_keys(call, typed);
  const bool unseen = call.op == ProgramOp::generator || call.op == ProgramOp::any;  // ..._counts_boxed
  const bool schema = operators_[static_cast<size_t>(call.op)].definition >= 0;
  return unseen || !schema ? Keys() : RulesMachine::argument_keys(call, typed);
}

// written_tensor_is_returned, result_count_is_checked: a typed call returns the argument or the first result.
RulesMachine::Ending C10RulesMachine::check_results(Ending ending, const Statement& call) const {
  if (ending.error != StepError::none || ending.foreign) return ending;
  if (call.op == ProgramOp::in_place) return plain_result(call, false);
  ending.results.resize(1);
  return ending;
}

bool C10RulesMachine::stack_kept_on_error(const Statement& call) const {
  if (!boxed_to_typed_) return true;
  const auto moved = [](const ProgramArgument& argument) {
    return argument.kind != ProgramArgument::Kind::none;
  };
  if (call.op == ProgramOp::optional) return !moved(call.arguments[1]);
  if (call.op == ProgramOp::generator) return !moved(call.arguments[0]);
  return call.op != ProgramOp::optional_list && call.op != ProgramOp::list;
}

int C10RulesMachine::function_of(const reference::Found& found) const {
  if (found.why == reference::Why::ambiguous_autograd_other) return -2;
  if (falls_through(found)) return -3;
  if (found.kernel < 0 || found.kernel >= foreign_kernel) return found.kernel;
  const Statement& by = kernel(found.kernel);
  const bool of_alias = by.kind == corpora::StatementKind::fallback && engine::is_alias(by.key);
  return of_alias ? 100 + by.number : static_cast<int>(by.flavour);
}

// The step is not compared if this version may not find what is stale.
RulesMachine::Ending C10RulesMachine::stale_table() const {
  Ending ending = failed(StepError::internal);
  ending.foreign = !c10_.version().finds_every_stale_slot;
  return ending;
}

// Before c10 reports a missing kernel, it checks the whole table and finds slots that were not refreshed.
RulesMachine::Ending C10RulesMachine::missing(const Operator& op, const Keys& keys) const {
  for (size_t slot = 0; slot < op.table.size(); ++slot) {
    const Key key = reference::all_keys()[slot];
    if (!c10_.knows(key)) continue;
    if (function_of(op.table[slot]) != function_of(rules_.resolve(op.newest, fallbacks_, key)))
      return stale_table();
  }
  Ending ending = RulesMachine::missing(op, keys);
  const bool unknown = keys.backends.empty() && ending.missing_at != engine::DispatchKey::Undefined &&
                       engine::backend_of(ending.missing_at) != engine::Backend::none;
  if (unknown) ending.missing_at = engine::DispatchKey::Undefined;  // no_backend_bit: it names no such key
  return ending;
}

void C10RulesMachine::enter(reference::OpenGuard guard) {
  Taken taken{{}, now_};
  if (guard.of == GuardOf::force) {
    now_ = {guard.keys, {guard.excluded.layers, {}}};
  } else {
    Keys& word = guard.of == GuardOf::include ? now_.included : now_.excluded;
    for (int layer : guard.keys.layers)
      if (word.layers.insert(layer).second) taken.keys.layers.insert(layer);
    if (guard.of == GuardOf::include)
      word.backends.insert(guard.keys.backends.begin(), guard.keys.backends.end());
  }
  taken_.push_back(std::move(taken));
  RulesMachine::enter(std::move(guard));
}

void C10RulesMachine::leave(size_t guard) {
  const Taken taken = taken_[guard];
  if (open_[guard].of == GuardOf::force) {
    now_ = taken.before;
  } else if (c10_.version().guards_save_keys) {
    if (open_[guard].of == GuardOf::include)
      now_.included = taken.before.included;
    else
      now_.excluded = taken.before.excluded;
  } else {
    Keys& word = open_[guard].of == GuardOf::include ? now_.included : now_.excluded;
    for (int layer : taken.keys.layers) word.layers.erase(layer);
  }
  taken_.erase(taken_.begin() + static_cast<std::ptrdiff_t>(guard));
  RulesMachine::leave(guard);
}

}  // namespace oracles
