#include "properties/dispatch_laws.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "oracles/dispatch/rules_machine.h"
#include "oracles/dispatch/translate.h"
#include "properties/program_tables.h"
#include "properties/program_writer.h"

namespace properties {

namespace {

using corpora::ChoiceSource;
using corpora::draw_program;
using enum engine::DispatchKey;
using reference::Why;

std::string ran_text(const StepOutcome& told) {
  return fmt::format("{} [{}]", name_of(told.error), fmt::join(told.ran, " "));
}
std::string differ(const StepOutcome& a, const StepOutcome& b) {
  return a.error == b.error && a.ran == b.ran ? "" : ran_text(a) + " and " + ran_text(b);
}

bool keeps_contract(const Statement& s) { return s.act != Act::other_tensor && s.act != Act::two_results; }
// Drawn without the kernels that are wrong on purpose.
Program honest_program(ChoiceSource& choices) {
  Program program = draw_program(choices);
  for (Statement& s : program)
    if (!keeps_contract(s)) s.act = Act::returns;
  return program;
}

// --- keys and threads

std::string calls_leave_thread_keys(DispatchMachine& machine, ChoiceSource& choices) {
  Program program = draw_program(choices);
  for (Statement& s : program)
    if (s.registers() && choices.chance(1, 4)) s.act = Act::throws;
  std::optional<StepOutcome> before;
  return carry_out(machine, program, [&](const Statement& s, StepOutcome told) -> std::string {
    const bool same = !before || (before->included == told.included && before->excluded == told.excluded);
    before = told;
    return s.kind == StatementKind::call && !same ? "the thread's keys have changed" : "";
  });
}

// The first kernel is that of the table's slot for ((arguments + included) - excluded) without fallthroughs.
std::string first_kernel_is_predicted(DispatchMachine& machine, ChoiceSource& choices) {
  const reference::DispatchRules rules;
  reference::ThreadSets thread = rules.initial();
  std::map<int, Act> acts;
  return carry_out(
      machine, honest_program(choices), [&](const Statement& s, const StepOutcome& told) -> std::string {
        const reference::ThreadSets now =
            std::exchange(thread, {oracles::plain(told.included), oracles::plain(told.excluded)});
        if (s.registers()) acts[s.number] = s.act;
        if (s.kind != StatementKind::call || s.redispatch || s.op == ProgramOp::generator) return {};
        const auto table = machine.table(s.op);
        if (!table || (*table)[0]->why == Why::no_schema) return {};
        reference::Keys keys;
        for (const ProgramArgument& argument : s.arguments) {
          if (argument.kind == ProgramArgument::Kind::given) keys.add(oracles::plain(argument.keys));
          if (argument.kind == ProgramArgument::Kind::undefined) keys.add(rules.of_undefined_tensor());
        }
        const auto entry = [&](reference::Key key) {
          return *(*table)[KeySet(oracles::packed(key)).table_index()];
        };
        keys = rules.effective(keys, now, [&](reference::Key key) {
          const int kernel = entry(key).kernel;
          return kernel >= oracles::foreign_kernel || (kernel >= 0 && acts[kernel] == Act::falls_through);
        });
        const int predicted = entry(rules.highest(keys)).kernel;
        if (predicted >= oracles::foreign_kernel || (predicted >= 0 && acts[predicted] == Act::falls_through))
          return {};
        const int first = told.ran.empty() ? -1 : told.ran.front();
        return first == predicted ? "" : fmt::format("ran k{}, predicted k{}", first, predicted);
      });
}

std::string excluding_is_falling_through(DispatchMachine& machine, ChoiceSource& choices) {
  constexpr std::array layers{ZeroTensor, Negative, Conjugate, Functionalize, Tracer, AutogradOther};
  const DispatchKey layer = choices.pick(layers);
  const uint64_t filled = choices.below(1U << layers.size());
  const auto outcome = [&](bool exclude) {
    ProgramWriter write(machine);
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
  return differ(outcome(true), outcome(false));
}

std::string list_elements_count_as_arguments(DispatchMachine& machine, ChoiceSource& choices) {
  constexpr std::array keys{CPU, Meta, ZeroTensor, AutogradCPU, Tracer, Conjugate};
  const KeySet a = choices.pick(keys), b = KeySet{CPU, choices.pick(keys)};
  const auto outcome = [&](ProgramOp op) {
    ProgramWriter write(machine);
    write.define(op);
    for (DispatchKey key : keys) write.implement(op, key);
    write.let_through();
    return write.call(op, {tensor_with(a), tensor_with(b)});
  };
  return differ(outcome(ProgramOp::list), outcome(ProgramOp::optional));
}

std::string undefined_is_not_none(DispatchMachine& machine, ChoiceSource& choices) {
  const bool typed = choices.chance(1, 2);
  ProgramWriter write(machine);
  write.define(ProgramOp::optional);
  write.implement(ProgramOp::optional, AutogradOther);
  write.implement(ProgramOp::optional, CPU);
  write.let_through();
  const auto with_undefined = write.call(ProgramOp::optional, {tensor_with(CPU), undefined()}, typed);
  const auto with_none = write.call(ProgramOp::optional, {tensor_with(CPU), none()}, typed);
  if (with_undefined.ran != std::vector{1}) return "undefined: " + ran_text(with_undefined);
  return with_none.ran == std::vector{2} ? "" : "None: " + ran_text(with_none);
}

std::string nested_guards_restore(DispatchMachine& machine, ChoiceSource& choices) {
  constexpr std::array keys{CPU, Meta, ZeroTensor, AutogradCPU, SparseCPU, Tracer, PrivateUse1};
  ProgramWriter write(machine);
  std::vector<StepOutcome> before{write.define(ProgramOp::tensor)};
  const int count = 1 + static_cast<int>(choices.below(4));
  for (int i = 0; i < count; ++i) {
    const auto kind = static_cast<GuardKind>(choices.below(3));
    const KeySet first{choices.pick(keys), choices.pick(keys)};
    before.push_back(
        write.guard(kind, first, kind == GuardKind::force ? KeySet(choices.pick(keys)) : KeySet()));
  }
  for (int i = count; i-- > 0;) {
    const StepOutcome now = write.end(i);
    const StepOutcome& then = before[static_cast<size_t>(i)];
    if (now.included != then.included || now.excluded != then.excluded)
      return fmt::format("after guard {}: {} instead of {}", i, corpora::to_text(now.included),
                         corpora::to_text(then.included));
  }
  return {};
}

// --- the dispatcher

std::string table_is_that_of_what_stands(DispatchMachine& machine, ChoiceSource& choices) {
  const Program program = registrations_of(draw_program(choices));
  std::vector<bool> accepted;
  const Tables incremental = tables_after(machine, program, &accepted);
  std::vector<int> numbers;
  const Program kept = standing(program, accepted, numbers);
  Tables anew = tables_after(machine, kept);
  renumber(anew, numbers);
  return first_difference(incremental, anew);
}

std::string order_does_not_matter(DispatchMachine& machine, ChoiceSource& choices) {
  Program program;
  std::vector<std::pair<ProgramOp, DispatchKey>> used;
  for (const Statement& s : registrations_of(draw_program(choices))) {
    if (s.kind != StatementKind::implement) continue;
    const DispatchKey key = s.key == Undefined ? CompositeImplicitAutograd : s.key;
    const std::pair target{s.op, key};
    if (engine::is_building_block(key) || std::find(used.begin(), used.end(), target) != used.end()) continue;
    used.push_back(target);
    program.push_back(s);
    program.back().flavour = Flavour::boxed;
  }
  std::vector<int> order;
  for (size_t i = 0; i < program.size(); ++i) {
    program[i].number = static_cast<int>(i);
    order.insert(order.begin() + static_cast<std::ptrdiff_t>(choices.below(order.size() + 1)),
                 program[i].number);
  }
  Program other;
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
  Tables first = tables_after(machine, program), second = tables_after(machine, other);
  order.push_back(static_cast<int>(order.size()));
  order.push_back(static_cast<int>(order.size()));
  renumber(second, order);
  return first_difference(first, second);
}

std::string nothing_is_left(DispatchMachine& machine, ChoiceSource& choices) {
  return carry_out(machine, draw_program(choices), [](auto&, const auto&) { return ""; });
}

std::string refusals_do_not_depend_on_order(DispatchMachine& machine, ChoiceSource& choices) {
  const auto registration = [&](ProgramWriter& write, uint64_t kind) {
    if (kind == 0) return write.define(ProgramOp::tensor);
    return write.implement(ProgramOp::tensor, CPU, Act::returns, static_cast<Flavour>(kind - 1));
  };
  const uint64_t a = choices.below(4), b = choices.below(4);
  const auto refused = [&](uint64_t first, uint64_t second) {
    ProgramWriter write(machine);
    registration(write, first);
    return registration(write, second).error == StepError::refused;
  };
  return refused(a, b) == refused(b, a) ? "" : fmt::format("{} and {} clash in one order only", a, b);
}

std::string boxed_and_typed_agree(DispatchMachine& machine, ChoiceSource& choices) {
  return carry_out(machine, honest_program(choices),
                   [&](const Statement& s, const StepOutcome& told) -> std::string {
                     if (s.kind != StatementKind::call || s.op == ProgramOp::any) return {};
                     Statement other = s;
                     other.typed = !s.typed;
                     const StepOutcome again = machine.step(other);
                     if (again.results != told.results) return "other results";
                     return differ(told, again);
                   });
}

std::string redispatch_is_a_call_with_these_keys(DispatchMachine& machine, ChoiceSource& choices) {
  constexpr std::array keys{CPU, Meta, ZeroTensor, AutogradCPU, Tracer, Conjugate, BackendSelect};
  ProgramWriter write(machine);
  write.define(ProgramOp::number);
  for (DispatchKey key : keys)
    if (choices.chance(2, 3))
      write.implement(ProgramOp::number, key, choices.chance(1, 2) ? Act::returns : Act::redispatches);
  const KeySet at{choices.pick(keys), choices.pick(keys)};
  const StepOutcome redispatched = write.call_at(ProgramOp::number, {}, choices.chance(1, 2), &at);
  write.guard(GuardKind::force, at);
  return differ(redispatched, write.call(ProgramOp::number, {}));
}

std::string fallthroughs_do_not_run(DispatchMachine& machine, ChoiceSource& choices) {
  std::map<int, Act> acts;
  return carry_out(
      machine, honest_program(choices), [&](const Statement& s, const StepOutcome& told) -> std::string {
        if (s.registers()) acts[s.number] = s.act;
        for (int kernel : told.ran)
          if (acts[kernel] == Act::falls_through) return "a fallthrough ran";
        if (told.error != StepError::internal) return {};
        const auto table = machine.table(s.op);
        const bool ambiguous =
            table && (*table)[KeySet(AutogradOther).table_index()]->why == Why::ambiguous_autograd_other;
        return ambiguous ? "" : "an internal error without an ambiguous kernel";
      });
}

std::string errors_name_the_missing_key(DispatchMachine& machine, ChoiceSource& choices) {
  {
    ProgramWriter write(machine);
    write.define(ProgramOp::tensor);
    write.let_through();
    const DispatchKey key = choices.chance(1, 2) ? CPU : SparseCPU;
    const StepOutcome told = write.call(ProgramOp::tensor, {tensor_with(key)});
    if (told.missing_at != key) return fmt::format("it names {}", engine::name_of(told.missing_at));
  }
  return carry_out(
      machine, honest_program(choices), [&](const Statement& s, const StepOutcome& told) -> std::string {
        if (told.error != StepError::not_implemented) return {};
        const auto table = machine.table(s.op);
        const auto entry = table ? (*table)[KeySet(told.missing_at).table_index()] : std::nullopt;
        if (!entry) return "there is no such key";
        const bool undefined = told.missing_at == Undefined;  // no key that decides is left
        return undefined || entry->why == Why::missing ? "" : "a kernel is there";
      });
}

std::string stack_is_kept(DispatchMachine& machine, ChoiceSource& choices) {
  return carry_out(machine, honest_program(choices),
                   [](const Statement& s, const StepOutcome& told) -> std::string {
                     if (s.kind != StatementKind::call) return {};
                     if (told.error != StepError::none)
                       return told.arguments_kept ? "" : "an error changed the stack";
                     return told.results.size() == 1 ? "" : "not one result";
                   });
}

std::string lists_are_kept(DispatchMachine& machine, ChoiceSource& choices) {
  ProgramWriter write(machine);
  write.define(ProgramOp::list);
  write.implement(ProgramOp::list, CPU, choices.chance(1, 2) ? Act::writes_list : Act::returns);
  write.let_through();
  const StepOutcome told =
      write.call(ProgramOp::list, {tensor_with(CPU), tensor_with(CPU)}, choices.chance(1, 4));
  return told.arguments_kept ? "" : "the caller's list has changed";
}

std::string a_second_resolver_agrees(DispatchMachine& machine, ChoiceSource& choices) {
  const Program program = registrations_of(draw_program(choices));
  oracles::RulesMachine rules(oracles::sound_rules(), machine.ambient());
  return first_difference(tables_after(machine, program), tables_after(rules, program));
}

std::string handles_outlive_registrations(DispatchMachine& machine, ChoiceSource& choices) {
  const bool typed = choices.chance(1, 2);
  ProgramWriter write(machine);
  write.define(ProgramOp::tensor);          // k0
  write.implement(ProgramOp::tensor, CPU);  // k1
  write.implement(ProgramOp::tensor, CPU);  // k2
  const auto call = [&] { return write.call(ProgramOp::tensor, {tensor_with(CPU)}, typed); };
  write.let_through();  // k3
  if (call().ran != std::vector{2}) return "the newest does not run: " + ran_text(call());
  write.drop(2);
  if (call().ran != std::vector{1}) return "the next does not run: " + ran_text(call());
  write.drop(0);
  const StepOutcome without = call();
  return without.error == StepError::runtime && without.ran.empty()
             ? ""
             : "without a definition: " + ran_text(without);
}

constexpr std::array laws{
    DispatchLaw{5, "CallsLeaveThreadKeys", calls_leave_thread_keys},
    DispatchLaw{6, "FirstKernelIsPredicted", first_kernel_is_predicted},
    DispatchLaw{7, "ExcludingIsFallingThrough", excluding_is_falling_through},
    DispatchLaw{8, "ListElementsCountAsArguments", list_elements_count_as_arguments},
    DispatchLaw{9, "UndefinedIsNotNone", undefined_is_not_none},
    DispatchLaw{10, "NestedGuardsRestore", nested_guards_restore},
    DispatchLaw{13, "TableIsThatOfWhatStands", table_is_that_of_what_stands},
    DispatchLaw{14, "OrderDoesNotMatter", order_does_not_matter},
    DispatchLaw{15, "NothingIsLeft", nothing_is_left},
    DispatchLaw{16, "RefusalsDoNotDependOnOrder", refusals_do_not_depend_on_order},
    DispatchLaw{17, "BoxedAndTypedAgree", boxed_and_typed_agree},
    DispatchLaw{18, "RedispatchIsACallWithTheseKeys", redispatch_is_a_call_with_these_keys},
    DispatchLaw{19, "FallthroughsDoNotRun", fallthroughs_do_not_run},
    DispatchLaw{20, "ErrorsNameTheMissingKey", errors_name_the_missing_key},
    DispatchLaw{22, "StackIsKept", stack_is_kept},
    DispatchLaw{23, "ListsAreKept", lists_are_kept},
    DispatchLaw{24, "ASecondResolverAgrees", a_second_resolver_agrees},
    DispatchLaw{25, "HandlesOutliveRegistrations", handles_outlive_registrations},
};

}  // namespace

std::span<const DispatchLaw> dispatch_laws() { return laws; }

}  // namespace properties
