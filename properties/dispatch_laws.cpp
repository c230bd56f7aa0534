// Laws of dispatching: what a dispatcher does with programs of registrations, guards and calls. Their world
// is any machine that runs such programs.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "oracles/dispatch/conformance.h"
#include "oracles/dispatch/rules_machine.h"
#include "oracles/dispatch/translate.h"
#include "oracles/dispatch/usual_fallbacks.h"
#include "oracles/planted/dispatch/dispatch_faults.h"
#include "oracles/subjects/engine/dispatch_machine.h"
#include "properties/drawn_programs.h"
#include "properties/program_tables.h"
#include "properties/program_writer.h"

namespace properties {

namespace {

using enum engine::DispatchKey;
using reference::Why;

// --- outcomes

std::string ran_text(const StepOutcome& outcome) {
  return fmt::format("{} [{}]", name_of(outcome.error), fmt::join(outcome.ran, " "));
}
bool same(const StepOutcome& a, const StepOutcome& b) { return a.error == b.error && a.ran == b.ran; }
std::string both(const StepOutcome& a, const StepOutcome& b) { return ran_text(a) + " and " + ran_text(b); }

// --- keys and threads

Tried calls_leave_thread_keys(DispatchMachine& machine, const Case& c, ChoiceSource&) {
  std::optional<StepOutcome> before;
  return carry_out(machine, c.program, [&](const Statement& s, const StepOutcome& outcome) {
    const bool kept =
        !before || (before->included == outcome.included && before->excluded == outcome.excluded);
    before = outcome;
    if (s.kind != StatementKind::call) return not_tried("not a call");
    return held_if(kept, "the thread's keys have changed");
  });
}

// The first kernel is that of the table's slot for ((arguments + included) - excluded) without fallthroughs.
Tried first_kernel_is_predicted(DispatchMachine& machine, const Case& c, ChoiceSource&) {
  const reference::DispatchRules rules;
  reference::ThreadSets thread = rules.initial();
  std::map<int, Act> acts;
  return carry_out(machine, c.program, [&](const Statement& s, const StepOutcome& outcome) {
    const reference::ThreadSets now =
        std::exchange(thread, {oracles::plain(outcome.included), oracles::plain(outcome.excluded)});
    if (s.registers()) acts[s.number] = s.act;
    if (s.kind != StatementKind::call || s.redispatch || s.op == ProgramOp::generator)
      return not_tried("not a call by its arguments' keys");
    const auto table = machine.table(s.op);
    if (!table || (*table)[0]->why == Why::no_schema) return not_tried("not defined");
    reference::Keys keys;
    for (const ProgramArgument& argument : s.arguments) {
      if (argument.kind == ProgramArgument::Kind::given) keys.add(oracles::plain(argument.keys));
      if (argument.kind == ProgramArgument::Kind::undefined) keys.add(rules.of_undefined_tensor());
    }
    const auto kernel_at = [&](reference::Key key) {
      return (*table)[KeySet(oracles::packed(key)).table_index()]->kernel;
    };
    const auto falls_through = [&](int kernel) {
      return kernel >= oracles::foreign_kernel || (kernel >= 0 && acts[kernel] == Act::falls_through);
    };
    keys = rules.effective(keys, now, [&](reference::Key key) { return falls_through(kernel_at(key)); });
    const int predicted = kernel_at(rules.highest(keys));
    if (falls_through(predicted)) return not_tried("no layer with a kernel is left");
    const int first = outcome.ran.empty() ? -1 : outcome.ran.front();
    return held_if(first == predicted, fmt::format("ran k{}, predicted k{}", first, predicted));
  });
}

Tried excluding_is_falling_through(DispatchMachine& machine, ChoiceSource& choices) {
  constexpr std::array layers{ZeroTensor, Negative, Conjugate, Functionalize, Tracer, AutogradOther};
  const DispatchKey layer = choices.pick(layers);
  const uint64_t filled = choices.below(1U << layers.size());
  const auto outcome = [&](ProgramWriter& write, bool exclude) {
    write.define(ProgramOp::tensor);
    write.implement(ProgramOp::tensor, CPU);
    for (size_t i = 0; i < layers.size(); ++i)
      write.implement(ProgramOp::tensor, layers[i], filled >> i & 1 ? Act::redispatches : Act::returns);
    if (exclude)
      write.guard(GuardKind::exclude, layer);
    else
      write.implement(ProgramOp::tensor, layer, Act::falls_through);
    write.let_through();
    return write.call(ProgramOp::tensor,
                      {tensor_with(KeySet{CPU, ZeroTensor, Functionalize, Conjugate, Tracer} | layer)});
  };
  const StepOutcome fallthrough =
      last_of(machine, [&](ProgramWriter& write) { return outcome(write, false); });
  ProgramWriter write(machine);
  const StepOutcome excluded = outcome(write, true);
  return write.held_if(same(excluded, fallthrough), "as a fallthrough: " + ran_text(fallthrough));
}

Tried list_elements_count_as_arguments(DispatchMachine& machine, ChoiceSource& choices) {
  constexpr std::array keys{CPU, Meta, ZeroTensor, AutogradCPU, Tracer, Conjugate};
  const KeySet a = choices.pick(keys), b = KeySet{CPU, choices.pick(keys)};
  const auto outcome = [&](ProgramWriter& write, ProgramOp op) {
    write.define(op);
    for (DispatchKey key : keys) write.implement(op, key);
    write.let_through();
    return write.call(op, {tensor_with(a), tensor_with(b)});
  };
  const StepOutcome single =
      last_of(machine, [&](ProgramWriter& write) { return outcome(write, ProgramOp::optional); });
  ProgramWriter write(machine);
  const StepOutcome list = outcome(write, ProgramOp::list);
  return write.held_if(same(list, single), "as single arguments: " + ran_text(single));
}

Tried undefined_is_not_none(DispatchMachine& machine, ChoiceSource& choices) {
  const bool typed = choices.chance(1, 2);
  ProgramWriter write(machine);
  write.define(ProgramOp::optional);
  write.implement(ProgramOp::optional, AutogradOther);
  write.implement(ProgramOp::optional, CPU);
  write.let_through();
  const auto with_undefined = write.call(ProgramOp::optional, {tensor_with(CPU), undefined()}, typed);
  if (with_undefined.ran != std::vector{1}) return write.broken("undefined: " + ran_text(with_undefined));
  const auto with_none = write.call(ProgramOp::optional, {tensor_with(CPU), none()}, typed);
  return write.held_if(with_none.ran == std::vector{2}, "None: " + ran_text(with_none));
}

Tried nested_guards_restore(DispatchMachine& machine, ChoiceSource& choices) {
  constexpr std::array keys{CPU, Meta, ZeroTensor, AutogradCPU, SparseCPU, Tracer, PrivateUse1};
  ProgramWriter write(machine);
  std::vector<StepOutcome> before{write.define(ProgramOp::tensor)};
  const int count = 1 + static_cast<int>(choices.below(4));
  for (int i = 0; i < count; ++i) {
    const auto kind = static_cast<GuardKind>(choices.below(3));
    const DispatchKey first = choices.pick(keys), second = choices.pick(keys);
    before.push_back(write.guard(kind, KeySet{first, second},
                                 kind == GuardKind::force ? KeySet(choices.pick(keys)) : KeySet()));
  }
  for (int i = count; i-- > 0;) {
    const StepOutcome now = write.end(i);
    const StepOutcome& then = before[static_cast<size_t>(i)];
    if (now.included != then.included || now.excluded != then.excluded)
      return write.broken(fmt::format("after guard {}: {} instead of {}", i, corpora::to_text(now.included),
                                      corpora::to_text(then.included)));
  }
  return held();
}

// --- tables and registrations

Tried table_is_that_of_a_new_dispatcher(DispatchMachine& machine, const Case& c, ChoiceSource&) {
  std::vector<bool> accepted;
  const Tables incremental = tables_after(machine, c.program, &accepted);
  std::vector<int> numbers;
  const Program kept = in_force(c.program, accepted, numbers);
  if (kept.empty()) return not_tried("nothing is registered at the end");
  Tables anew = tables_after(machine, kept);
  renumber(anew, numbers);
  const std::string difference = first_difference(incremental, anew);
  return held_if(difference.empty(), difference);
}

Tried order_does_not_matter(DispatchMachine& machine, const Case& c, ChoiceSource& choices) {
  Program program = distinct_kernels(c.program), other;
  if (program.size() < 2) return not_tried("fewer than two registrations");
  std::vector<int> order;
  for (const Statement& s : program)
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(choices.below(order.size() + 1)), s.number);
  for (int i : order) {
    other.push_back(program[static_cast<size_t>(i)]);
    other.back().number = static_cast<int>(other.size()) - 1;
  }
  for (Program* each : {&program, &other})
    for (ProgramOp op : {ProgramOp::tensor, ProgramOp::list}) {
      Statement define;
      define.op = op;
      define.number = static_cast<int>(each->size());
      each->push_back(define);
    }
  const Tables first = tables_after(machine, program);
  Tables second = tables_after(machine, other);
  order.insert(order.end(), 2, static_cast<int>(order.size()));
  renumber(second, order);
  const std::string difference = first_difference(first, second);
  return held_if(difference.empty(), fmt::format("in the order {}: {}", fmt::join(order, " "), difference));
}

Tried nothing_is_left(DispatchMachine& machine, const Case& c, ChoiceSource&) {
  return carry_out(machine, c.program, [](const Statement& s, const StepOutcome&) {
    return s.registers() ? held() : not_tried("not a registration");
  });
}

Tried refusals_do_not_depend_on_order(DispatchMachine& machine, ChoiceSource& choices) {
  const auto registration = [&](ProgramWriter& write, uint64_t kind) {
    if (kind == 0) return write.define(ProgramOp::tensor);
    return write.implement(ProgramOp::tensor, CPU, Act::returns, static_cast<Flavour>(kind - 1));
  };
  const uint64_t a = choices.below(4), b = choices.below(4);
  if (a == b) return not_tried("the same registration twice");
  const auto refused = [&](ProgramWriter& write, uint64_t first, uint64_t second) {
    registration(write, first);
    return registration(write, second).error == StepError::refused;
  };
  const bool backwards = last_of(machine, [&](ProgramWriter& write) { return refused(write, b, a); });
  ProgramWriter write(machine);
  const bool forwards = refused(write, a, b);
  return write.held_if(forwards == backwards, "refused in one order only");
}

Tried a_second_resolver_agrees(DispatchMachine& machine, const Case& c, ChoiceSource&) {
  const oracles::Conformance conformance = oracles::conform(c.program, machine.judge(), machine);
  if (!conformance.divergence)
    return conformance.compared_steps > 0 ? held() : not_tried("no step is compared");
  return broken(to_text(conformance));
}

Tried handles_outlive_registrations(DispatchMachine& machine, ChoiceSource& choices) {
  const bool typed = choices.chance(1, 2);
  ProgramWriter write(machine);
  write.define(ProgramOp::tensor);          // k0
  write.implement(ProgramOp::tensor, CPU);  // k1
  write.implement(ProgramOp::tensor, CPU);  // k2
  write.let_through();                      // k3
  const auto call = [&] { return write.call(ProgramOp::tensor, {tensor_with(CPU)}, typed); };
  const StepOutcome newest = call();
  if (newest.ran != std::vector{2}) return write.broken("the newest does not run: " + ran_text(newest));
  write.drop(2);
  const StepOutcome next = call();
  if (next.ran != std::vector{1}) return write.broken("the next does not run: " + ran_text(next));
  write.drop(0);
  const StepOutcome without = call();
  return write.held_if(without.error == StepError::runtime && without.ran.empty(),
                       "without a definition: " + ran_text(without));
}

// --- calls

Tried boxed_and_typed_agree(DispatchMachine& machine, const Case& c, ChoiceSource&) {
  return carry_out(machine, c.program, [&](const Statement& s, const StepOutcome& outcome) {
    if (s.kind != StatementKind::call || s.op == ProgramOp::any)
      return not_tried("not a call that can be boxed and typed");
    Statement other = s;
    other.typed = !s.typed;
    const StepOutcome again = machine.step(other);
    if (again.results != outcome.results) return broken("different results");
    return held_if(same(outcome, again), both(outcome, again));
  });
}

Tried redispatch_is_a_call_with_these_keys(DispatchMachine& machine, ChoiceSource& choices) {
  constexpr std::array keys{CPU, Meta, ZeroTensor, AutogradCPU, Tracer, Conjugate, BackendSelect};
  ProgramWriter write(machine);
  write.define(ProgramOp::number);
  for (DispatchKey key : keys)
    if (choices.chance(2, 3)) {
      const Act act = choices.chance(1, 2) ? Act::returns : Act::redispatches;
      write.implement(ProgramOp::number, key, act);
    }
  const DispatchKey first = choices.pick(keys), second = choices.pick(keys);
  const KeySet at{first, second};
  const StepOutcome redispatched = write.call_at(ProgramOp::number, {}, choices.chance(1, 2), &at);
  write.guard(GuardKind::force, at);
  const StepOutcome called = write.call(ProgramOp::number, {});
  return write.held_if(same(redispatched, called), both(redispatched, called));
}

Tried fallthroughs_do_not_run(DispatchMachine& machine, const Case& c, ChoiceSource&) {
  std::map<int, Act> acts;
  return carry_out(machine, c.program, [&](const Statement& s, const StepOutcome& outcome) {
    if (s.registers()) acts[s.number] = s.act;
    for (int kernel : outcome.ran)
      if (acts[kernel] == Act::falls_through) return broken("a fallthrough ran");
    const bool any =
        std::ranges::any_of(acts, [](const auto& each) { return each.second == Act::falls_through; });
    if (outcome.error != StepError::internal)
      return any && s.kind == StatementKind::call ? held() : not_tried("no fallthrough can run");
    const auto table = machine.table(s.op);
    const bool ambiguous =
        table && (*table)[KeySet(AutogradOther).table_index()]->why == Why::ambiguous_autograd_other;
    return held_if(ambiguous, "an internal error without an ambiguous kernel");
  });
}

Tried errors_name_the_missing_key(DispatchMachine& machine, const Case& c, ChoiceSource& choices) {
  {
    ProgramWriter write(machine);
    write.define(ProgramOp::tensor);
    write.let_through();
    const DispatchKey key = choices.chance(1, 2) ? CPU : SparseCPU;
    const StepOutcome outcome = write.call(ProgramOp::tensor, {tensor_with(key)});
    if (outcome.missing_at != key)
      return write.broken(fmt::format("it names {}", engine::name_of(outcome.missing_at)));
  }
  return carry_out(machine, c.program, [&](const Statement& s, const StepOutcome& outcome) {
    if (outcome.error != StepError::not_implemented) return not_tried("no kernel is missing");
    const auto table = machine.table(s.op);
    const auto entry = table ? (*table)[KeySet(outcome.missing_at).table_index()] : std::nullopt;
    if (!entry) return broken("there is no such key");
    const bool undefined = outcome.missing_at == Undefined;  // no key that decides is left
    return held_if(undefined || entry->why == Why::missing, "a kernel is there");
  });
}

Tried stack_is_kept(DispatchMachine& machine, const Case& c, ChoiceSource&) {
  return carry_out(machine, c.program, [](const Statement& s, const StepOutcome& outcome) {
    if (s.kind != StatementKind::call) return not_tried("not a call");
    if (outcome.error != StepError::none)
      return held_if(outcome.arguments_kept, "an error changed the stack");
    return held_if(outcome.results.size() == 1, "not one result");
  });
}

Tried lists_are_kept(DispatchMachine& machine, ChoiceSource& choices) {
  ProgramWriter write(machine);
  write.define(ProgramOp::list);
  write.implement(ProgramOp::list, CPU, choices.chance(1, 2) ? Act::writes_list : Act::returns);
  write.let_through();
  const StepOutcome outcome =
      write.call(ProgramOp::list, {tensor_with(CPU), tensor_with(CPU)}, choices.chance(1, 4));
  return write.held_if(outcome.arguments_kept, "the caller's list has changed");
}

std::vector<NamedWorld<DispatchMachine>> machines_broken_at(int number) {
  std::vector<NamedWorld<DispatchMachine>> broken;
  for (const oracles::DispatchFault& fault : oracles::dispatch_faults())
    if (fault.law == number)
      broken.push_back({fault.mistake, [&fault] { return oracles::faulty_dispatcher(fault.name); }});
  return broken;
}

Law<DispatchMachine> row(int number, std::string_view name, std::string_view sentence, double floor,
                         const Attempt<DispatchMachine>& attempt) {
  return {number, name, sentence, floor, attempt, machines_broken_at(number)};
}

const DeclaredLaws<DispatchMachine> laws_of_dispatching{
    {
        row(5, "CallsLeaveThreadKeys", "A call leaves the thread's keys as before, also when it raises.", 0.4,
            {draw_with<Act::throws>, calls_leave_thread_keys}),
        row(6, "FirstKernelIsPredicted", "The keys of arguments and thread decide which kernel runs first.",
            0.25, {draw_honest, first_kernel_is_predicted}),
        row(7, "ExcludingIsFallingThrough", "Excluding a layer does what a fallthrough in it does.", 1,
            {excluding_is_falling_through}),
        row(8, "ListElementsCountAsArguments", "The keys of a list's elements count as those of arguments.",
            1, {list_elements_count_as_arguments}),
        row(9, "UndefinedIsNotNone", "An undefined tensor adds its keys to a call, and None adds none.", 1,
            {undefined_is_not_none}),
        row(10, "NestedGuardsRestore", "Nested guards restore the thread's keys, each its own.", 1,
            {nested_guards_restore}),
        row(13, "TableIsThatOfANewDispatcher",
            "After registrations and drops, tables are those of a dispatcher with only the remaining "
            "registrations.",
            0.5, {draw_registrations, table_is_that_of_a_new_dispatcher}),
        row(14, "OrderDoesNotMatter", "Registrations for different keys give one table in any order.", 0.25,
            {draw_registrations, order_does_not_matter}),
        row(15, "NothingIsLeft",
            "When every registration is dropped and every guard has ended, nothing is left.", 0.5,
            {draw_any, nothing_is_left}),
        row(16, "RefusalsDoNotDependOnOrder", "Two registrations that conflict do so in both orders.", 0.35,
            {refusals_do_not_depend_on_order}),
        row(17, "BoxedAndTypedAgree", "A boxed and a typed call run the same kernels with the same results.",
            0.4, {draw_honest, boxed_and_typed_agree}),
        row(18, "RedispatchIsACallWithTheseKeys",
            "A redispatch with a key set does what a call with these keys forced does.", 1,
            {redispatch_is_a_call_with_these_keys}),
        row(19, "FallthroughsDoNotRun", "A fallthrough never runs.", 0.2,
            {draw_with<Act::falls_through>, fallthroughs_do_not_run}),
        row(20, "ErrorsNameTheMissingKey", "The error of a missing kernel names the key.", 0.3,
            {draw_honest, errors_name_the_missing_key}),
        row(22, "StackIsKept", "A call returns one result, or raises and leaves its arguments.", 0.4,
            {draw_honest, stack_is_kept}),
        row(23, "ListsAreKept", "A kernel that changes its list does not change the caller's.", 1,
            {lists_are_kept}),
        row(24, "ASecondResolverAgrees",
            "After each step, tables, kernels that ran, errors and keys are those of independent rules.", 0.5,
            {draw_any, a_second_resolver_agrees}),
        row(25, "HandlesOutliveRegistrations",
            "A handle stays valid when registrations are dropped; the newest kernel that is left serves it.",
            1, {handles_outlive_registrations}),
    },
    {{"engine", [] { return std::make_unique<oracles::EngineMachine>(); }},
     {"rules", [] {
        return std::make_unique<oracles::RulesMachine>(oracles::sound_rules(), oracles::usual_fallbacks());
      }}}};

}  // namespace
}  // namespace properties
