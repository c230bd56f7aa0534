// Groups that run as one kernel agree with the calls one by one, bit for bit.
#include "engine/fuser/group_plan.h"

#include "engine/fuser/fuser_cases.h"

namespace engine::fuser {
namespace {

constexpr DTypes fused_dtypes = all_dtype_set - complex_dtypes;

// The call of an operator on %0, %1, %2; a condition is %3.
std::string call_text(const Operator& op) {
  std::string arguments;
  size_t tensors = 0;
  for (const Argument& argument : op.schema().arguments) {
    arguments += arguments.empty() ? "" : ", ";
    if (argument.type.kind != TypeKind::tensor)
      arguments += argument.name == "alpha" || argument.name == "value" ? "2" : "3";
    else if (argument.name == "condition" || argument.name == "mask")
      arguments += "%3";
    else
      arguments += "%" + std::to_string(tensors++);
  }
  return op.name() + "(" + arguments + ")";
}

// All operators that accept the dtypes, in one group.
TEST(GroupPlan, EveryOperatorAgreesBitForBitInEveryDType) {
  World world;
  int fused = 0;
  for (const DType dtype : all_dtypes) {
    if (!fused_dtypes.has(dtype)) continue;
    for (const DType second : {dtype, is_floating(dtype) ? DType::i32 : DType::f16}) {
      const Stack inputs{numbers(dtype, {41}, 1), numbers(second, {41}, 2), numbers(dtype, {41}, 3),
                         numbers(DType::b8, {41}, 4)};
      std::string calls, results;
      for (const Operator& op : world.op.dispatcher().operators()) {
        const ops::DeclaredForm form = ops::declared_form(op.name());
        if (!form.declaration || !form.declaration->elements || form.form != ops::Form::functional) continue;
        const std::string call = call_text(op);
        try {
          world.eager("graph(%0, %1, %2, %3):\n %r = " + call + "\n return (%r)", inputs);
        } catch (const Error&) {
          continue;
        }
        const std::string result = "%r" + std::to_string(fused++);
        calls += " " + result + " = " + call + "\n";
        results += (results.empty() ? "" : ", ") + result;
      }
      expect_agreement(world, "graph(%0, %1, %2, %3):\n" + calls + " return (" + results + ")", inputs);
    }
  }
  EXPECT_GT(fused, 700);
}

TEST(GroupPlan, ChainsRoundEachValueToItsDType) {
  World world;
  const std::string text = R"(graph(%a, %b, %c):
    %1 = aten::mul.Tensor(%a, %b)
    %2 = aten::add.Scalar(%1, 0.1, 3)
    %3 = aten::exp(%2)
    %4 = aten::lt.Tensor(%3, %c)
    %5 = aten::where.self(%4, %1, %c)
    %6 = aten::div.Tensor(%5, %2)
    %7 = aten::clamp(%6, -3, 100)
    return (%3, %5, %7))";
  for (const DType a : {DType::f16, DType::bf16, DType::f32, DType::i16, DType::u8})
    for (const DType b : {DType::f16, DType::f64, DType::b8, DType::i64})
      expect_agreement(world, text,
                       {numbers(a, {50}, 1), numbers(b, {50}, 2), numbers(DType::bf16, {50}, 3)});
}

// The compiler can prove that the argument is 1.
TEST(GroupPlan, FunctionsOfConstantsAreNotComputedByTheCompiler) {
  World world;
  expect_agreement(world, R"(graph(%a):
    %1 = aten::isnan(%a)
    %2 = aten::le.Tensor(%1, %1)
    %3 = aten::expm1(%2)
    %4 = aten::sin(%2)
    %5 = aten::cos(%2)
    return (%3, %4, %5))",
                   {numbers(DType::f32, {7}, 1)});
}

TEST(GroupPlan, BroadcastAndStridedInputsAgree) {
  World world;
  const std::string text = R"(graph(%a, %b):
    %1 = aten::mul.Tensor(%a, %a)
    %2 = aten::add.Tensor(%1, %b, 2)
    %3 = aten::neg(%b)
    return (%1, %2, %3))";
  const Tensor whole = numbers(DType::f32, {4, 6, 5}, 1);
  const Tensor transposed = whole.view({5, 4}, {1, 30}, 10), backwards = whole.view({4, 5}, {30, 1}, 0);
  const Tensor expanded = whole.view({5, 4}, {0, 0}, 3);
  for (const Tensor& a : {transposed, expanded, whole.view({4}, {2}, 1), whole.view({}, {}, 4)})
    for (const Tensor& b : {transposed, whole.view({3, 1, 4}, {7, 1, 1}, 0), whole.view({1}, {1}, 2)})
      expect_agreement(world, text, {a, b});
  expect_agreement(world, text, {backwards, whole.view({1, 5}, {1, 6}, 2)});
}

TEST(GroupPlan, EmptyTensorsRunNoKernel) {
  World world;
  expect_agreement(world, "graph(%a):\n %1 = aten::exp(%a)\n return (%1)", {make_tensor(DType::f32, {3, 0})});
}

TEST(GroupPlan, ChunksAndConcatenationsAgree) {
  World world;
  const std::string text = R"(graph(%a, %b):
    %1 = aten::add.Tensor(%a, %b, 1)
    %2, %3 = prim::ConstantChunk[chunks=2, dim=1](%1)
    %4 = aten::mul.Tensor(%2, %3)
    %5, %6 = prim::ConstantChunk[chunks=2, dim=-2](%4)
    %7, %8 = prim::ConstantChunk[chunks=2, dim=0](%a)
    %9 = aten::sub.Tensor(%5, %6, 1)
    %10 = prim::FusedConcat[dim=0](%9, %4, %7)
    return (%10, %9, %3, %8))";
  const Stack inputs{numbers(DType::f32, {4, 6}, 1), numbers(DType::f64, {6}, 2)};
  const std::string concat_fits = R"(graph(%a, %b):
    %1 = aten::add.Tensor(%a, %b, 1)
    %2, %3 = prim::ConstantChunk[chunks=2, dim=1](%1)
    %4 = aten::mul.Tensor(%2, %3)
    %5, %6 = prim::ConstantChunk[chunks=2, dim=-2](%4)
    %7 = aten::sub.Tensor(%5, %6, 1)
    %8, %9 = prim::ConstantChunk[chunks=2, dim=0](%a)
    %10 = prim::FusedConcat[dim=0](%7, %4)
    %11 = prim::FusedConcat[dim=-1](%8, %9)
    return (%10, %11, %7, %3, %9))";
  EXPECT_EQ(world.reason(text, inputs), FallbackReason::refused_arguments);  // sizes of %10 do not fit
  expect_agreement(world, concat_fits, inputs);
  const Stack fused = world.fused(concat_fits, inputs);
  EXPECT_TRUE(fused[4].tensor().shares_storage(inputs[0].tensor()));
  expect_agreement(world, "graph(%a, %b):\n %c = prim::FusedConcat[dim=0](%a, %b)\n return (%c)",
                   {numbers(DType::f16, {3}, 1), numbers(DType::i32, {5}, 2)});
}

}  // namespace
}  // namespace engine::fuser
