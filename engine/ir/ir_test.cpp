// Graphs: text, verifier, interpreter, recorder, alias analysis.
#include <gtest/gtest.h>

#include "engine/core/input_error.h"
#include "engine/ir/alias.h"
#include "engine/ir/interpreter.h"
#include "engine/ir/parse.h"
#include "engine/ir/print.h"
#include "engine/ir/recorder.h"
#include "engine/operator_cases.h"

namespace engine::ir {
namespace {

using ops::Operators;
using ops::tensor_of;
using ops::values_of;

constexpr const char* every_form = R"(graph(%0, %1):
  %2 = aten::add.Tensor(%0, %1, 1)
  %3, %4 = prim::ConstantChunk[chunks=2, dim=0](%2)
  %5 = prim::FusedConcat[dim=-1](%4, %3)
  %6 = aten::cat([%5, %3], 0)
  %7 = aten::mul.Scalar(%6, 0.5)
  %8 = aten::clamp(%7, None, -inf)
  %9 = aten::add.Scalar(%7, complex(0.5, -1.0), True)
  %10 = aten::sum.dim_IntList(%7, [0], False, dtype(f64))
  return (%10, %2)
)";

std::string error_of(const std::string& text, const Dispatcher& dispatcher) {
  try {
    parse_graph(text, dispatcher, "g");
  } catch (const InputError& error) {
    return error.line();
  }
  return "";
}

TEST(GraphText, EveryFormIsPrintedAsItWasParsed) {
  Operators op;
  EXPECT_EQ(to_text(parse_graph(every_form, op.dispatcher())), every_form);
}

TEST(GraphText, ErrorsHaveLineAndColumn) {
  Operators op;
  const auto error = [&](const std::string& text) { return error_of(text, op.dispatcher()); };
  EXPECT_EQ(error("graph(%0)\n  return ()"), "g:2:3: expected ':'");
  EXPECT_EQ(error("graph(%0):\n  %1 = aten::none(%0)\n  return ()"),
            "g:2:8: there is no operator aten::none");
  EXPECT_EQ(error("graph(%0):\n  return (%1)"), "g:2:11: %1 is used before its definition");
  EXPECT_EQ(error("graph(%0, %0):\n  return ()"), "g:1:11: %0 is defined a second time");
  EXPECT_EQ(error("graph(%0):\n  %1 = aten::exp(%0, %0)\n  return ()"), "g:2:20: expected ')'");
  EXPECT_EQ(error("graph(%0):\n  %1, %2 = aten::exp(%0)\n  return ()"),
            "g:2:3: aten::exp has 1 results, not 2");
  EXPECT_EQ(error("graph(%0):\n  %1 = aten::add.Scalar(%0, \"x\", 1)\n  return ()"),
            "g:2:29: \"x\" is not of type Scalar, which the argument other has");
  EXPECT_EQ(error("graph(%0):\n  %1 = prim::ConstantChunk[chunks=0, dim=0](%0)\n  return ()"),
            "g:2:35: expected an integer from 1 to 1024");
  EXPECT_EQ(error("graph(%0):\n  %1 = aten::exp(%0)\n  return (%1[0])"),
            "g:3:3: return: %1 is not a list and has no element 0");
  EXPECT_EQ(error("graph():\n  return () x"), "g:2:13: expected the end of the text");
  EXPECT_EQ(error("graph(%0):\n  %1 = aten::exp(#"), "g:2:19: expected a value or a constant");
}

// Any prefix, and any byte replaced, is refused or parsed, and what is parsed is printed so that it parses.
TEST(GraphText, DamagedTextNeverCrashes) {
  Operators op;
  const std::string text = every_form;
  for (size_t at = 0; at < text.size(); ++at) {
    error_of(text.substr(0, at), op.dispatcher());
    for (const char byte : {'\0', '%', '[', ')', '9', '"', '\xff'}) {
      std::string damaged = text;
      damaged[at] = byte;
      try {
        const Graph graph = parse_graph(damaged, op.dispatcher());
        EXPECT_EQ(to_text(parse_graph(to_text(graph), op.dispatcher())), to_text(graph));
      } catch (const InputError&) {
      }
    }
  }
}

TEST(GraphText, CanonicalTextDoesNotDependOnNumbers) {
  Operators op;
  const Graph graph = parse_graph(every_form, op.dispatcher());
  Graph renamed = graph;
  const auto other = [&](ValueId value) { return (value * 7 + 3) % 11; };
  const auto rename = [&](const auto& self, Operand& operand) -> void {
    if (operand.kind == Operand::Kind::use) operand.use.value = other(operand.use.value);
    for (Operand& each : operand.list) self(self, each);
  };
  for (ValueId& input : renamed.inputs) input = other(input);
  for (Use& output : renamed.outputs) output.value = other(output.value);
  for (Node& node : renamed.nodes) {
    for (Operand& operand : node.operands) rename(rename, operand);
    for (ValueId& result : node.results) result = other(result);
  }
  ASSERT_EQ(fault_of(renamed), "");
  EXPECT_NE(to_text(renamed), to_text(graph));
  EXPECT_EQ(canonical_text(renamed), canonical_text(graph));
  renamed.nodes[0].operands[2] = Operand::of(Value(1.0));
  EXPECT_NE(canonical_text(renamed), canonical_text(graph));
}

TEST(Graph, VerifierFindsEachBrokenRule) {
  Operators op;
  const auto fault = [&](const auto& damage) {
    Graph graph = parse_graph(every_form, op.dispatcher());
    damage(graph);
    return fault_of(graph);
  };
  EXPECT_EQ(fault([](Graph&) {}), "");
  EXPECT_EQ(fault([](Graph& g) { g.inputs[1] = 0; }), "input: %0 is defined a second time");
  EXPECT_EQ(fault([](Graph& g) { g.inputs[1] = 99; }), "input: %99 is out of range");
  EXPECT_EQ(fault([](Graph& g) { g.nodes[1].operands[0].use.value = 7; }),
            "prim::ConstantChunk: %7 is used before its definition");
  EXPECT_EQ(fault([](Graph& g) { g.nodes[0].operands.pop_back(); }),
            "aten::add.Tensor: 2 operands for 3 arguments");
  EXPECT_EQ(fault([](Graph& g) { g.nodes[0].results.clear(); }), "aten::add.Tensor: 0 results for 1 returns");
  EXPECT_EQ(fault([](Graph& g) { g.nodes[2].operands.clear(); }),
            "prim::FusedConcat: wrong number of operands");
  EXPECT_EQ(fault([](Graph& g) { g.nodes[0].op.reset(); }),
            "a call without an operator: the operator is not defined");
  EXPECT_EQ(fault([](Graph& g) { g.nodes[0].operands[0] = Operand::of(std::vector<Operand>{}); }),
            "aten::add.Tensor: the argument self is not a list");
  EXPECT_EQ(fault([](Graph& g) { g.outputs[1].element = 0; }),
            "return: %2 is not a list and has no element 0");
}

// An operator that returns a list.
Registrations define_pair(Dispatcher& dispatcher) {
  Registrations made;
  made.push_back(dispatcher.define("probe::pair(Tensor[] x) -> Tensor[]"));
  made.push_back(dispatcher.implement("probe::pair", DispatchKey::CompositeImplicitAutograd,
                                      Kernel::from_boxed([](const Call&, Stack&) {})));
  return made;
}

TEST(Interpreter, RunsNodesAndReplacesTheInputsOnTheStack) {
  Operators op;
  const Registrations pair = define_pair(op.dispatcher());
  const Graph graph = parse_graph(R"(graph(%a):
    %l, %r = prim::ConstantChunk[chunks=2, dim=0](%a)
    %s = prim::FusedConcat[dim=0](%r, %l)
    %b = probe::pair([%a, %s])
    %p = aten::sub.Tensor(%b[0], %b[1], 1)
    return (%p, %l))",
                                  op.dispatcher());
  const Tensor a = tensor_of(DType::f32, {4}, {1, 2, 3, 5});
  Stack stack{"below", a};
  interpret(graph, op.dispatcher(), stack);
  ASSERT_EQ(stack.size(), 3U);
  EXPECT_EQ(stack[0].string(), "below");
  EXPECT_EQ(values_of(stack[1].tensor()), (std::vector<double>{-2, -3, 2, 3}));
  EXPECT_TRUE(stack[2].tensor().shares_storage(a));
}

TEST(Interpreter, ListsHaveTheTypeOfTheirArgument) {
  Operators op;
  const Graph graph = parse_graph(
      "graph(%a, %i):\n %1 = aten::index.Tensor(%a, [%i])\n %2 = aten::index.Tensor(%a, [None, %i])\n"
      " return (%1, %2)",
      op.dispatcher());
  Stack stack{tensor_of(DType::f32, {2, 2}, {1, 2, 3, 4}), tensor_of(DType::i64, {1}, {1})};
  interpret(graph, op.dispatcher(), stack);
  EXPECT_EQ(values_of(stack[0].tensor()), (std::vector<double>{3, 4}));
  EXPECT_EQ(values_of(stack[1].tensor()), (std::vector<double>{2, 4}));
}

TEST(Interpreter, RaisingNodeLeavesTheStack) {
  Operators op;
  const Graph graph = parse_graph(
      "graph(%a):\n %l, %r = prim::ConstantChunk[chunks=2, dim=0](%a)\n return (%l)", op.dispatcher());
  const Tensor a = tensor_of(DType::f32, {3}, {1, 2, 3});
  Stack stack{7, a};
  EXPECT_THROW(interpret(graph, op.dispatcher(), stack), Error);
  ASSERT_EQ(stack.size(), 2U);
  EXPECT_TRUE(stack[1].tensor().is_same(a));
}

TEST(Recorder, RecordedCallsRunAgainOnOtherInputs) {
  Operators op;
  const Tensor a = tensor_of(DType::f32, {2}, {1, 2}), constant = tensor_of(DType::f32, {2}, {10, 20});
  Recorder recorder({a});
  const auto call = [&](std::string_view name, std::vector<Value> arguments) {
    const Operator called = op.dispatcher().op(name);
    Stack stack = normalized(called.schema(), std::move(arguments));
    recorder.call(called, stack);
    return stack.back().tensor();
  };
  const Tensor sum = call("aten::add.Tensor", {a, constant});
  recorder.return_value(call("aten::stack", {std::vector<Tensor>{sum, a}}));
  EXPECT_FALSE(recorder.use_of(constant));
  Stack stack{tensor_of(DType::f32, {2}, {3, 4})};
  interpret(recorder.graph(), op.dispatcher(), stack);
  EXPECT_EQ(values_of(stack.back().tensor()), (std::vector<double>{13, 24, 3, 4}));
}

struct Analysed {
  Analysed(const Dispatcher& dispatcher, const std::string& text, AliasKinds kinds = {})
      : graph(parse_graph(text, dispatcher)), analysis(graph, kinds) {}
  Graph graph;
  AliasAnalysis analysis;
};

TEST(AliasAnalysis, FollowsSchemasAndPrimitives) {
  Operators op;
  const Analysed seen(op.dispatcher(), R"(graph(%0):
    %1 = aten::exp(%0)
    %2 = aten::transpose.int(%1, 0, 1)
    %3, %4 = prim::ConstantChunk[chunks=2, dim=0](%2)
    %5 = prim::FusedConcat[dim=0](%3, %4)
    %6 = aten::add_.Scalar(%4, 1, 1)
    return (%6))");
  EXPECT_TRUE(seen.analysis.may_alias(1, 2));
  EXPECT_TRUE(seen.analysis.may_alias(1, 3));
  EXPECT_TRUE(seen.analysis.may_alias(6, 2));
  EXPECT_FALSE(seen.analysis.may_alias(0, 1));
  EXPECT_FALSE(seen.analysis.may_alias(5, 3));
  EXPECT_TRUE(seen.analysis.may_write(4, 1));
  EXPECT_FALSE(seen.analysis.may_write(4, 5));
  EXPECT_FALSE(seen.analysis.may_write(4, 0));
  EXPECT_FALSE(seen.analysis.writes(0));
}

TEST(AliasAnalysis, UnknownOperatorsAreConservativeUnlessTheyArePure) {
  Operators op;
  const Registration defined = op.dispatcher().define("probe::any(Tensor x) -> Tensor");
  const std::string text = R"(graph(%0):
    %1 = aten::exp(%0)
    %2 = probe::any(%1)
    return (%2))";
  const Analysed careful(op.dispatcher(), text);
  EXPECT_TRUE(careful.analysis.may_write(1, 1));
  EXPECT_TRUE(careful.analysis.may_alias(1, 2));
  AliasKinds kinds;
  kinds.set("probe::any", AliasKind::pure_function);
  const Analysed pure(op.dispatcher(), text, kinds);
  EXPECT_FALSE(pure.analysis.may_write(1, 1));
  EXPECT_FALSE(pure.analysis.may_alias(1, 2));
}

TEST(AliasAnalysis, SpecialCasesAndFunctionsMustAgree) {
  Operators op;
  AliasKinds kinds;
  EXPECT_EQ(kinds.faults(), std::vector<std::string>{});
  kinds.set("aten::exp", AliasKind::special_case);
  kinds.set("prim::FusedConcat", AliasKind::from_schema);
  EXPECT_EQ(kinds.faults(), (std::vector<std::string>{
                                "aten::exp is a special case, but the analysis has no function for it",
                                "the analysis has a function for prim::FusedConcat, which is from schema"}));
  EXPECT_THROW(Analysed(op.dispatcher(), "graph(%0):\n return (%0)", kinds), Error);
}

}  // namespace
}  // namespace engine::ir
