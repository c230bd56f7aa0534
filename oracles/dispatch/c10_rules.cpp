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

// In 1.13 Meta stands before the out-of-tree backends.
int rank(int backend) {
  static const int meta = reference::backend_named("Meta"), after = reference::backend_named("PrivateUse1");
  return backend == meta ? 2 * after - 1 : 2 * backend;
}

// The autograd key of a backend is its own, or AutogradOther.
bool has_own_autograd(std::string_view backend) {
  constexpr std::array<std::string_view, 12> own{"CPU", "CUDA", "XLA",  "MPS",         "IPU",         "XPU",
                                                 "HPU", "Lazy", "Meta", "PrivateUse1", "PrivateUse2", "PrivateUse3"};
  return std::find(own.begin(), own.end(), backend) != own.end();
}

}  // namespace

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

int C10Rules::backend_of_mask(const Keys& arguments, const Keys&) const { return highest_backend(arguments); }

bool C10Rules::serves(Alias alias, Key key) const {
  if (alias == Alias::composite_implicit && layer_name(key) == "Functionalize") return false;
  return DispatchRules::serves(alias, key);
}

std::vector<Key> C10Rules::backends_of_autograd(Key key) const {
  if (layer_name(key) == "AutogradFunctionality" && !has_own_autograd(backend_name(key))) return {};
  return DispatchRules::backends_of_autograd(key);
}

bool C10Rules::refreshes(Target target, Key slot) const {
  if (reference::is_part(target)) return false;
  const auto is_autograd_of = [&](std::string_view backend) {
    if (!has_own_autograd(backend)) return layer_name(slot) == "AutogradOther";
    return layer_name(slot) == "AutogradFunctionality" && backend_name(slot) == backend;
  };
  if (reference::is_alias(target)) {
    const auto alias = static_cast<Alias>(target - reference::all_keys().size());
    return serves_slot(alias, reference::slot_of(slot)) || is_autograd_of("CPU");
  }
  const Key key = reference::all_keys()[target];
  if (slot == key) return true;
  constexpr std::array<std::string_view, 9> of_backends{"Dense", "Quantized", "Sparse", "SparseCsr", "FPGA",
                                                        "Vulkan", "Metal", "CustomRNGKeyId", "MkldnnCPU"};
  if (std::find(of_backends.begin(), of_backends.end(), layer_name(key)) == of_backends.end()) return false;
  return is_autograd_of(key.backend == 0 ? "none" : backend_name(key));
}

reference::ThreadSets C10Rules::initial() const {
  reference::ThreadSets sets = DispatchRules::initial();
  std::erase_if(sets.excluded.layers,
                [&](int layer) { return !known_.contains(reference::layers()[static_cast<size_t>(layer)].name); });
  return sets;
}

// --- the machine

C10RulesMachine::C10RulesMachine(const C10Rules& rules, std::vector<AmbientFallback> ambient)
    : RulesMachine(rules, std::move(ambient)), now_(rules.initial()) {}

void C10RulesMachine::begin() {
  RulesMachine::begin();
  now_ = rules_.initial();
  taken_.clear();
}

std::optional<ProgramTable> C10RulesMachine::table(ProgramOp op) {
  Operator& there = operator_of(op);
  if (!there.there()) return std::nullopt;
  const std::vector<reference::Found> cached = there.table;
  const int definition = std::exchange(there.definition, 0);
  refresh_all(there);
  std::optional<ProgramTable> made = RulesMachine::table(op);
  there.table = cached;
  there.definition = definition;
  return made;
}

// The first C++ signature ever stays (signature_of_the_living), also that of a refused registration.
bool C10RulesMachine::signature_refused(const Operator& op, const Statement& registration) const {
  if (registration.kind == corpora::StatementKind::define)
    return RulesMachine::signature_refused(op, registration);
  if (registration.flavour == Flavour::boxed) return false;
  if (op.signature >= 0 && op.signature != static_cast<int>(registration.flavour)) return true;
  return op.definition >= 0 && registration.flavour == Flavour::other_type;
}

void C10RulesMachine::refused(Operator& op, const Statement& registration) {
  if (!op.there()) {
    op.newest.assign(reference::target_count(), -1);
    op.named = true;
    refresh_all(op);
  }
  if (registration.kind == corpora::StatementKind::implement && registration.flavour != Flavour::boxed &&
      op.signature < 0)
    op.signature = static_cast<int>(registration.flavour);
}

Keys C10RulesMachine::argument_keys(const Statement& call, bool typed) const {
  if (typed) return RulesMachine::argument_keys(call, typed);
  const bool unseen = call.op == ProgramOp::generator || call.op == ProgramOp::any;  // ..._counts_boxed
  const bool schema = operators_[static_cast<size_t>(call.op)].definition >= 0;
  return unseen || !schema ? Keys() : RulesMachine::argument_keys(call, typed);
}

// written_tensor_is_returned, result_count_is_checked: a typed caller gets the argument, or the first result.
RulesMachine::Ending C10RulesMachine::check_results(Ending ending, const Statement& call) const {
  if (ending.error != StepError::none || ending.foreign) return ending;
  if (call.op == ProgramOp::in_place) return plain_result(call, false);
  ending.results.resize(1);
  return ending;
}

bool C10RulesMachine::stack_kept_on_error(const Statement& call) const {
  if (!boxed_to_typed_) return true;
  const auto moved = [](const ProgramArgument& argument) { return argument.kind != ProgramArgument::Kind::none; };
  if (call.op == ProgramOp::optional) return !moved(call.arguments[1]);
  if (call.op == ProgramOp::generator) return !moved(call.arguments[0]);
  return call.op != ProgramOp::optional_list;
}

void C10RulesMachine::entered() {
  const reference::OpenGuard& guard = open_.back();
  Taken taken{{}, now_};
  if (guard.of == GuardOf::force) {
    now_ = {guard.keys, {guard.excluded.layers, {}}};
  } else {
    Keys& word = guard.of == GuardOf::include ? now_.included : now_.excluded;
    for (int layer : guard.keys.layers)
      if (word.layers.insert(layer).second) taken.keys.layers.insert(layer);
    if (guard.of == GuardOf::include) word.backends.insert(guard.keys.backends.begin(), guard.keys.backends.end());
  }
  taken_.push_back(std::move(taken));
}

void C10RulesMachine::leave(size_t guard) {
  const Taken taken = taken_[guard];
  if (open_[guard].of == GuardOf::force) {
    now_ = taken.before;
  } else {
    Keys& word = open_[guard].of == GuardOf::include ? now_.included : now_.excluded;
    for (int layer : taken.keys.layers) word.layers.erase(layer);
  }
  taken_.erase(taken_.begin() + static_cast<std::ptrdiff_t>(guard));
  RulesMachine::leave(guard);
}

}  // namespace oracles
