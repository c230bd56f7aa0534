// Laws of graphs, of the fuser and of its fallback.
#include <algorithm>

#include "properties/fuser_world.h"

namespace properties {

namespace {

using engine::fuser::FusedProgram;
using engine::fuser::FuserSteps;
using engine::fuser::usual_steps;
using engine::ir::Graph;

std::string first_difference(const std::string& a, const std::string& b) {
  const auto [one, other] = std::ranges::mismatch(a, b);
  const auto line = [](const std::string& text, size_t at) {
    const size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return text.substr(begin, text.find('\n', begin) - begin);
  };
  return fmt::format("{}  differs from  {}", line(a, static_cast<size_t>(one - a.begin())),
                     line(b, static_cast<size_t>(other - b.begin())));
}

// The results and the inputs that a run leaves.
template <class Run>
std::string after(const DrawnProgram& program, const Run& run) {
  const Stack inputs = program.copies();
  Stack stack = inputs;
  run(stack);
  return content_of(stack) + content_of(inputs);
}

// A kernel is compiled for each tried program, so only some draws are tried.
bool is_left_out(ChoiceSource& choices) { return choices.chance(5, 6); }

Tried agreement(FuserWorld& world, const DrawnProgram& program) {
  FusedProgram fused(world.fuser(), program.graph);
  const uint64_t before = world.fuser().counts().fused;
  const std::string eager = after(
      program, [&](Stack& stack) { engine::ir::interpret(program.graph, world.op.dispatcher(), stack); });
  for (const auto execution : {FusedProgram::Execution::fused, FusedProgram::Execution::fallback}) {
    const std::string other = after(program, [&](Stack& stack) { fused.run(stack, execution); });
    if (other != eager)
      return broken(first_difference(eager, other) + "\n" + engine::ir::to_text(program.graph));
  }
  if (world.fuser().counts().fused == before) return not_tried("no group ran fused");
  return held();
}

// --- INV-98
Tried fused_fallback_and_eager_agree(FuserWorld& world, ChoiceSource& choices) {
  if (is_left_out(choices)) return not_tried("left out");
  const size_t calls = choices.chance(1, 10) ? 200 : 1 + choices.below(10);
  return agreement(world, drawn_program(world, choices, calls, false));
}

// --- INV-99
Tried keys_are_those_of_graphs(FuserWorld& world, ChoiceSource& choices) {
  engine::fuser::Fuser& fuser = world.fuser();
  const Graph graph = drawn_program(world, choices, 1 + choices.below(8), false).graph;
  if (graph.nodes.empty()) return not_tried("no call");
  const auto count = static_cast<int64_t>(fuser.group_count());
  const int64_t key = fuser.add(graph);
  if (key > count) return broken("keys are not dense");
  const Graph other_numbers = renumbered(graph, choices);
  if (fuser.add(other_numbers) != key) return broken("the key depends on the numbers of values");
  Graph different = graph;
  engine::ir::Operand& operand = different.nodes.back().operands.back();
  if (operand.kind != engine::ir::Operand::Kind::constant) return held();
  operand.constant = operand.constant.is(engine::ValueTag::integer) ? Value(0.25) : Value(17);
  if (fuser.add(different) == key) return broken("two graphs have one key");
  return held();
}

// --- INV-100
Tried stack_effect(FuserWorld& world, ChoiceSource& choices) {
  engine::fuser::Fuser& fuser = world.fuser();
  const DrawnProgram program = drawn_program(world, choices, 1 + choices.below(2), false);
  const size_t deeper = choices.below(3);
  Stack stack;
  for (size_t i = 0; i < deeper; ++i) stack.push_back(static_cast<int64_t>(i));
  for (const Value& input : program.copies()) stack.push_back(input);
  const size_t before = stack.size();
  if (choices.chance(1, 4)) {
    try {
      fuser.run_fallback(1000000, stack);
      return broken("a key that was not given is accepted");
    } catch (const engine::Error&) {
      return held_if(stack.size() == before, "an unknown key changes the stack");
    }
  }
  fuser.run_fallback(fuser.add(program.graph), stack);
  const size_t expected = before - program.inputs.size() + program.graph.outputs.size();
  if (stack.size() != expected) return broken(fmt::format("{} values, not {}", stack.size(), expected));
  for (size_t i = 0; i < deeper; ++i)
    if (!stack[i].is(engine::ValueTag::integer)) return broken("a deeper value changed");
  return held();
}

// --- INV-101
Tried special_cases_have_functions(FuserWorld& world, ChoiceSource& choices) {
  using engine::ir::AliasKind;
  engine::ir::AliasKinds kinds;
  const std::array<std::string, 4> names{"prim::ConstantChunk", "prim::FusedConcat", "aten::exp", "mine::op"};
  constexpr std::array all{AliasKind::special_case, AliasKind::conservative, AliasKind::from_schema,
                           AliasKind::pure_function};
  size_t faults = 0;
  for (const std::string& name : names) {
    if (choices.chance(1, 2)) kinds.set(name, choices.pick(all));
    const bool has_function = name.starts_with("prim::");
    faults += has_function != (kinds.of(name) == AliasKind::special_case);
  }
  const size_t found = world.kind_faults(kinds).size();
  return held_if(found == faults, fmt::format("{} faults, not {}", found, faults));
}

// --- INV-124
Tried analysis_sees_every_write(FuserWorld& world, ChoiceSource& choices) {
  const DrawnProgram program = drawn_program(world, choices, 1 + choices.below(8), true);
  const engine::ir::AliasAnalysis analysis(program.graph, engine::ir::AliasKinds());
  engine::ir::Environment values(program.graph);
  const Stack inputs = program.copies();
  std::vector<engine::ir::ValueId> defined = program.graph.inputs;
  for (size_t i = 0; i < inputs.size(); ++i) values[program.graph.inputs[i]] = inputs[i];
  Tried tried = not_tried("nothing is shared or written");
  for (size_t n = 0; n < program.graph.nodes.size(); ++n) {
    std::vector<std::string> before;
    for (const engine::ir::ValueId value : defined) before.push_back(content_of(values[value].tensor()));
    values.run(program.graph.nodes[n]);
    for (size_t i = 0; i < defined.size(); ++i) {
      if (content_of(values[defined[i]].tensor()) == before[i]) continue;
      tried = held();
      if (!world.may_write(analysis, n, defined[i]))
        return broken(
            fmt::format("node {} writes %{}\n{}", n, defined[i], engine::ir::to_text(program.graph)));
    }
    const engine::ir::ValueId result = program.graph.nodes[n].results[0];
    for (const engine::ir::ValueId value : defined) {
      if (!values[value].tensor().shares_storage(values[result].tensor())) continue;
      tried = held();
      if (!analysis.may_alias(value, result)) return broken(fmt::format("%{} is %{}", value, result));
    }
    defined.push_back(result);
  }
  return tried;
}

// --- INV-125
Tried programs_with_writes_agree(FuserWorld& world, ChoiceSource& choices) {
  if (is_left_out(choices)) return not_tried("left out");
  return agreement(world, drawn_program(world, choices, 3 + choices.below(8), true));
}

// --- mistakes

template <class Change>
FuserSteps changed(const Change& change) {
  FuserSteps steps = usual_steps();
  change(steps);
  return steps;
}

std::string source_without_alpha(const engine::fuser::KernelProgram& program) {
  std::string source = engine::fuser::c_source(program);
  const std::string_view right = "return a + c * b;";
  for (size_t at = source.find(right); at != std::string::npos; at = source.find(right))
    source.replace(at, right.size(), "return a + b;");
  return source;
}

std::string key_without_constants(const Graph& graph) {
  std::string text;
  for (const engine::ir::Node& node : engine::ir::canonical(graph).nodes) text += node.name() + "\n";
  return text;
}

void interpret_and_keep(const Graph& group, engine::Dispatcher& dispatcher, Stack& stack) {
  Stack copy = stack;
  engine::ir::interpret(group, dispatcher, copy);
  const size_t below = stack.size() - group.inputs.size();
  for (size_t i = below; i < copy.size(); ++i) stack.push_back(copy[i]);
}

const std::vector<std::pair<std::string_view, FuserSteps>> broken_steps{
    {"kernels forget alpha", changed([](FuserSteps& s) { s.source = source_without_alpha; })},
    {"the key is the text as it was written", changed([](FuserSteps& s) { s.key = engine::ir::to_text; })},
    {"the key has no constants", changed([](FuserSteps& s) { s.key = key_without_constants; })},
    {"the fallback leaves its inputs", changed([](FuserSteps& s) { s.interpret = interpret_and_keep; })},
    {"a node moves across every write", changed([](FuserSteps& s) {
       s.may_move = [](const Graph& graph, const engine::ir::AliasAnalysis&, size_t node, size_t across) {
         bool reads = false;
         engine::ir::for_each_use(graph.nodes[node], [&](const engine::ir::Use& use) {
           reads = reads || use.value == graph.nodes[across].results[0];
         });
         return !reads;
       };
     })},
};
NamedWorld<FuserWorld> with_steps(size_t index) {
  return with(broken_steps[index].first, &FuserWorld::steps, broken_steps[index].second);
}

using FuserLaw = Law<FuserWorld>;
const DeclaredLaws<FuserWorld> laws_of_the_fuser{
    {
        FuserLaw(
            98, "FusedFallbackAndEagerAgree",
            "A group of up to 200 pointwise calls gives the same elements, dtypes, sizes and strides as one "
            "kernel, "
            "with the fallback, and call by call.",
            0.07, {fused_fallback_and_eager_agree}, {with_steps(0)}),
        FuserLaw(
            99, "KeysAreThoseOfGraphs",
            "Groups that differ in the numbers of their values alone have one key; others have different "
            "keys; keys "
            "are dense from 0.",
            0.5, {keys_are_those_of_graphs}, {with_steps(1), with_steps(2)}),
        FuserLaw(
            100, "FallbackReplacesInputsByOutputs",
            "The fallback takes a group's inputs from the stack and pushes its outputs; an unknown key is an "
            "error that "
            "leaves the stack.",
            0.5, {stack_effect}, {with_steps(3)}),
        FuserLaw(
            101, "SpecialCasesHaveFunctions",
            "An operator is a special case of the alias analysis exactly if the analysis has a function for "
            "it.",
            1, {special_cases_have_functions},
            {with("no kinds have faults", &FuserWorld::kind_faults,
                  [](const engine::ir::AliasKinds&) { return std::vector<std::string>(); })}),
        FuserLaw(
            124, "AnalysisSeesEveryWrite",
            "If two values share memory, the analysis says that they may; if a node changes a value, it says "
            "so.",
            0.3, {analysis_sees_every_write},
            {with("a write is one of the written value alone", &FuserWorld::may_write,
                  [](const engine::ir::AliasAnalysis&, size_t, engine::ir::ValueId) { return false; })}),
        FuserLaw(125, "ProgramsWithWritesAgree",
                 "A program with views and writes leaves the same results and inputs as a fused program.",
                 0.05, {programs_with_writes_agree}, {with_steps(4)}),
    },
    {{"the engine's fuser", [] { return std::make_unique<FuserWorld>(); }}}};

}  // namespace
}  // namespace properties
