#include "oracles/planted/dispatch/broken_machine.h"

#include <algorithm>

#include "oracles/dispatch/usual_fallbacks.h"

namespace oracles {

namespace {

using reference::Alias;
using reference::DispatchRules;
using reference::Found;
using reference::Key;
using reference::Keys;
using reference::Newest;
using reference::Target;

// --- rules

struct GuardLeftByException : DispatchRules {
  bool ends_on_exception(const reference::OpenGuard& guard) const override {
    return guard.of != reference::GuardOf::include;
  }
};
struct ExclusionIgnored : DispatchRules {
  Keys without(const Keys& keys, const Keys&) const override { return keys; }
};
struct ExclusionReachesBelow : DispatchRules {
  Keys without(const Keys& keys, const Keys& removed) const override {
    Keys left = DispatchRules::without(keys, removed);
    for (int layer : removed.layers) left.layers.erase(layer - 1);
    return left;
  }
};
struct UndefinedHasNoKeys : DispatchRules {
  Keys of_undefined_tensor() const override { return {}; }
};
struct NewerAliasWins : DispatchRules {
  Found resolve(const Newest& newest, const Newest& fallbacks, Key key) const override {
    Found found = DispatchRules::resolve(newest, fallbacks, key);
    const int implicit = newest[reference::target_of(Alias::composite_implicit)];
    if (found.why == reference::Why::composite_explicit && implicit > found.kernel)
      return {implicit, reference::Why::composite_implicit};
    return found;
  }
};
struct ExplicitBeforeNonFunctional : DispatchRules {
  Found resolve(const Newest& newest, const Newest& fallbacks, Key key) const override {
    Found found = DispatchRules::resolve(newest, fallbacks, key);
    const int other = newest[reference::target_of(Alias::composite_explicit)];
    if (found.why == reference::Why::composite_explicit_non_functional && other >= 0)
      return {other, reference::Why::composite_explicit};
    return found;
  }
};
struct FallthroughIsExecuted : DispatchRules {
  bool passes_fallthroughs() const override { return false; }
};

// --- machines

struct FirstElementOnly : RulesMachine {
  using RulesMachine::RulesMachine;
  Keys argument_keys(const Statement& call, bool typed) const override {
    Statement shorter = call;
    if (call.op == corpora::ProgramOp::list && call.arguments.size() > 1) shorter.arguments.resize(1);
    return RulesMachine::argument_keys(shorter, typed);
  }
};
struct BackendsLeak : RulesMachine {
  using RulesMachine::RulesMachine;
  void begin() override {
    RulesMachine::begin();
    leaked_ = {};
  }
  void leave(size_t guard) override {
    if (open_[guard].of == reference::GuardOf::include)
      leaked_.backends.insert(open_[guard].keys.backends.begin(), open_[guard].keys.backends.end());
    RulesMachine::leave(guard);
  }
  reference::ThreadSets thread() const override {
    reference::ThreadSets sets = RulesMachine::thread();
    sets.included.add(leaked_);
    return sets;
  }
  Keys leaked_;
};
struct NoRefreshAfterDrop : RulesMachine {
  using RulesMachine::RulesMachine;
  void dropped(Operator&, Target) override {}
};
struct RefusalLeavesName : RulesMachine {
  using RulesMachine::RulesMachine;
  void refused(Operator& op, const Statement&) override { op.named = op.there(); }
};
struct DefinitionUnchecked : RulesMachine {
  using RulesMachine::RulesMachine;
  bool signature_refused(const Operator& op, const Statement& s) const override {
    return s.kind != corpora::StatementKind::define && RulesMachine::signature_refused(op, s);
  }
};
struct GeneratorUnseenBoxed : RulesMachine {
  using RulesMachine::RulesMachine;
  Keys argument_keys(const Statement& call, bool typed) const override {
    if (!typed && call.op == corpora::ProgramOp::generator) return {};
    return RulesMachine::argument_keys(call, typed);
  }
};
struct RedispatchSeesThread : RulesMachine {
  using RulesMachine::RulesMachine;
  Keys redispatched(Keys keys) const override {
    keys.add(thread().included);
    return keys;
  }
};
struct ErrorNamesNoKey : RulesMachine {
  using RulesMachine::RulesMachine;
  Ending missing(const Operator&, const Keys&) const override { return failed(StepError::not_implemented); }
};
struct StackLostOnError : RulesMachine {
  using RulesMachine::RulesMachine;
  bool stack_kept_on_error(const Statement&) const override { return false; }
};
struct ListsAreShared : RulesMachine {
  using RulesMachine::RulesMachine;
  bool lists_are_values() const override { return false; }
};
struct OlderKernelForgotten : RulesMachine {
  using RulesMachine::RulesMachine;
  void dropped(Operator& op, Target target) override {
    op.newest[target] = -1;
    RulesMachine::dropped(op, target);
  }
};

template <class Rules>
std::unique_ptr<DispatchMachine> with_rules() {
  static const Rules rules;
  return std::make_unique<RulesMachine>(rules, usual_fallbacks());
}
template <class Machine>
std::unique_ptr<DispatchMachine> with_machine() {
  return std::make_unique<Machine>(sound_rules(), usual_fallbacks());
}

const std::array rows{
    BrokenDispatch{"dispatch_guard_left_by_exception", 5,
                   "an exception does not end the guards that it leaves", with_rules<GuardLeftByException>},
    BrokenDispatch{"dispatch_exclusion_ignored", 6, "excluded keys still decide",
                   with_rules<ExclusionIgnored>},
    BrokenDispatch{"dispatch_exclusion_reaches_below", 7, "excluding a layer excludes the one below, too",
                   with_rules<ExclusionReachesBelow>},
    BrokenDispatch{"dispatch_first_element_only", 8, "of a list, only the first element's keys count",
                   with_machine<FirstElementOnly>},
    BrokenDispatch{"dispatch_undefined_has_no_keys", 9, "an undefined tensor contributes no keys",
                   with_rules<UndefinedHasNoKeys>},
    BrokenDispatch{"dispatch_backends_leak", 10, "backend bits stay when a guard ends",
                   with_machine<BackendsLeak>, false},
    BrokenDispatch{"dispatch_no_refresh_after_drop", 13, "a dropped kernel stays in the table",
                   with_machine<NoRefreshAfterDrop>},
    BrokenDispatch{"dispatch_newer_alias_wins", 14, "of two composites the newer one wins, whatever its sort",
                   with_rules<NewerAliasWins>},
    BrokenDispatch{"dispatch_refusal_leaves_name", 15, "a refused registration leaves its operator behind",
                   with_machine<RefusalLeavesName>, false},
    BrokenDispatch{"dispatch_definition_unchecked", 16,
                   "a definition is not compared with the kernels that wait for it",
                   with_machine<DefinitionUnchecked>},
    BrokenDispatch{"dispatch_generator_unseen_boxed", 17, "a generator's key is not seen by boxed calls",
                   with_machine<GeneratorUnseenBoxed>},
    BrokenDispatch{"dispatch_redispatch_sees_thread", 18, "a redispatch adds the thread's keys",
                   with_machine<RedispatchSeesThread>},
    BrokenDispatch{"dispatch_fallthrough_is_executed", 19, "a redispatch executes a fallthrough",
                   with_rules<FallthroughIsExecuted>},
    BrokenDispatch{"dispatch_error_names_no_key", 20, "a missing kernel's error does not name the key",
                   with_machine<ErrorNamesNoKey>, false},
    BrokenDispatch{"dispatch_stack_lost_on_error", 22, "an error leaves the stack changed",
                   with_machine<StackLostOnError>, false},
    BrokenDispatch{"dispatch_lists_are_shared", 23, "a kernel's change of a list reaches the caller",
                   with_machine<ListsAreShared>, false},
    BrokenDispatch{"dispatch_explicit_first", 24,
                   "CompositeExplicitAutograd is taken before its non-functional sort",
                   with_rules<ExplicitBeforeNonFunctional>},
    BrokenDispatch{"dispatch_older_kernel_forgotten", 25,
                   "dropping the newest kernel of a key forgets the older ones",
                   with_machine<OlderKernelForgotten>},
};

}  // namespace

std::span<const BrokenDispatch> all_broken_dispatch() { return rows; }

std::unique_ptr<DispatchMachine> broken_dispatch(std::string_view name) {
  for (const BrokenDispatch& row : rows)
    if (row.name == name) return row.make();
  return nullptr;
}

}  // namespace oracles
