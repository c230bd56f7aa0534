// Keys, the fallback and its reasons, the cache of kernels, threads, and programs with groups.
#include "engine/fuser/fuser.h"

#include <filesystem>
#include <thread>

#include "engine/autograd/grad_mode.h"
#include "engine/fuser/fused_program.h"
#include "engine/fuser/fuser_cases.h"

namespace engine::fuser {
namespace {

TEST(Fuser, KeysAreDenseAndDoNotDependOnNames) {
  World world;
  const std::string a = "graph(%a, %b):\n %c = aten::add.Tensor(%a, %b, 1)\n return (%c)";
  EXPECT_EQ(world.fuser.add(world.graph(a)), 0);
  EXPECT_EQ(world.fuser.add(world.graph("graph(%a, %b):\n %c = aten::add.Tensor(%b, %a, 1)\n return (%c)")),
            1);
  ir::Graph renamed = world.graph(a);
  renamed.value_count = 9;
  renamed.inputs = {7, 0};
  renamed.nodes[0].operands[0].use.value = 7;
  renamed.nodes[0].operands[1].use.value = 0;
  renamed.nodes[0].results = {3};
  renamed.outputs[0].value = 3;
  EXPECT_EQ(world.fuser.add(renamed), 0);
  EXPECT_EQ(world.fuser.add(world.graph("graph(%a, %b):\n %c = aten::add.Tensor(%a, %b, 2)\n return (%c)")),
            2);
  EXPECT_EQ(world.fuser.group_count(), 3U);
}

TEST(Fuser, UnknownKeyLeavesTheStack) {
  World world;
  for (const bool enabled : {true, false}) {
    world.fuser.set_enabled(enabled);
    Stack stack{1, 2};
    for (const int64_t key : {int64_t{-1}, int64_t{0}, int64_t{99}}) {
      EXPECT_THROW(world.fuser.run(key, stack), Error);
      EXPECT_EQ(stack.size(), 2U);
    }
  }
}

TEST(Fuser, DeeperValuesStayOnTheStack) {
  World world;
  const int64_t key = world.fuser.add(world.graph("graph(%a):\n %1 = aten::exp(%a)\n return (%1, %a)"));
  for (const bool enabled : {true, false}) {
    world.fuser.set_enabled(enabled);
    const Tensor a = numbers(DType::f32, {3}, 1);
    Stack stack{"below", a};
    world.fuser.run(key, stack);
    ASSERT_EQ(stack.size(), 3U);
    EXPECT_EQ(stack[0].string(), "below");
    EXPECT_TRUE(stack[2].tensor().is_same(a));
  }
}

constexpr const char* sum = "graph(%a, %b):\n %c = aten::add.Tensor(%a, %b, 1)\n return (%c)";

TEST(Fuser, EveryReasonIsCounted) {
  World world;
  using enum FallbackReason;
  const Tensor a = numbers(DType::f32, {4}, 1), three = numbers(DType::f32, {3}, 2);
  EXPECT_EQ(world.reason(sum, {Tensor(), a}), undefined_input);
  EXPECT_EQ(world.reason(sum, {a, Tensor()}), undefined_input);
  EXPECT_EQ(world.reason(sum, {a, 1}), not_a_tensor);
  EXPECT_EQ(world.reason(sum, {make_tensor(DType::f32, {4}, DeviceType::meta), a}), no_fuser_for_device);
  EXPECT_EQ(world.reason(sum, {a, make_tensor(DType::f32, {4}, DeviceType::meta)}), other_device);
  EXPECT_EQ(world.reason(sum, {a, a.toggled(DispatchKey::Negative)}), lazy_elements);
  EXPECT_EQ(world.reason(sum, {make_zero_tensor(DType::f32, {4}), a}), lazy_elements);
  const Tensor wrapped = a.view({4}, {1}, 0);
  wrapped.set_keys(wrapped.keys() | KeySet{DispatchKey::Python});
  EXPECT_EQ(world.reason(sum, {a, wrapped}), wrapped_input);
  EXPECT_EQ(world.reason(sum, {a, three}), not_broadcastable);
  EXPECT_EQ(
      world.reason("graph(%a):\n %b, %c = prim::ConstantChunk[chunks=2, dim=0](%a)\n return (%b)", {three}),
      not_divisible);
  EXPECT_EQ(world.reason("graph(%a):\n %b = aten::bitwise_not(%a)\n return (%b)", {a}), refused_arguments);
  EXPECT_EQ(world.reason("graph(%a):\n %b = aten::cumsum(%a, 0, None)\n return (%b)", {a}), not_pointwise);
  EXPECT_EQ(world.reason(
                "graph(%a):\n %b = prim::FusedConcat[dim=0](%a, %a)\n %c = aten::exp(%b)\n return (%c)", {a}),
            concat_is_read);
  EXPECT_EQ(world.reason(sum, {numbers(DType::c64, {4}, 1), a}), no_source);
  {
    const IncludeKeys traced(KeySet{DispatchKey::Tracer});
    EXPECT_EQ(world.reason(sum, {a, a}), thread_keys);
  }
  const Tensor wanted = numbers(DType::f32, {4}, 1);
  wanted.set_requires_grad(true);
  EXPECT_EQ(world.reason(sum, {a, wanted}), gradient);
  {
    const autograd::NoGrad no_grad;
    expect_agreement(world, sum, {a, wanted});
  }
  const Registration replaced = world.op.dispatcher().implement(
      "aten::add.Tensor", DispatchKey::CPU, Kernel::from_boxed([](const Call&, Stack&) {}));
  world.fuser.set_enabled(false);
  EXPECT_EQ(world.reason(sum, {a, a}), fuser_off);
  World other;
  const Registration again = other.op.dispatcher().implement("aten::add.Tensor", DispatchKey::CPU,
                                                             Kernel::from_boxed([](const Call&, Stack&) {}));
  EXPECT_EQ(other.reason(sum, {a, a}), replaced_kernel);
}

TEST(Fuser, WithoutACompilerTheFallbackServesAndSaysWhy) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("faultline-no-compiler-" + std::to_string(getpid()));
  World world({.compiler = "no-such-compiler", .folder = folder.string()});
  const Tensor a = numbers(DType::f32, {4}, 1);
  Stack stack{a, a};
  world.fuser.run(world.fuser.add(world.graph(sum)), stack);
  EXPECT_EQ(world.fuser.counts().fallback(FallbackReason::compiler), 1U);
  EXPECT_EQ(world.fuser.compiler_message(), "there is no C compiler: 'no-such-compiler' is not in PATH");
  expect_equal(stack[0].tensor(), world.eager(sum, {a, a})[0].tensor(), sum);
  World broken({.compiler = "false", .folder = folder.string()});
  EXPECT_EQ(broken.reason(sum, {a, a}), FallbackReason::compiler);
  EXPECT_NE(broken.fuser.compiler_message().find("failed"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(Fuser, FolderThatOthersCanWriteIsRefused) {
  const auto folder = std::filesystem::temp_directory_path() / ("faultline-open-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  std::filesystem::permissions(folder, std::filesystem::perms::all);
  World world({.folder = folder.string()});
  const Tensor a = numbers(DType::f32, {4}, 1);
  EXPECT_EQ(world.reason(sum, {a, a}), FallbackReason::compiler);
  EXPECT_NE(world.fuser.compiler_message().find("another user could write"), std::string::npos);
  std::filesystem::remove_all(folder);
}

TEST(Fuser, KernelsAreSharedAndBounded) {
  World world({.kernels_max = 2});
  const Tensor a = numbers(DType::f32, {4}, 1), b = numbers(DType::f32, {2, 4}, 2);
  const auto scaled = [](const std::string& number) {
    return "graph(%a):\n %b = aten::mul.Scalar(%a, " + number + ")\n return (%b)";
  };
  expect_agreement(world, scaled("2.5"), {a});
  expect_agreement(world, scaled("-1.5"), {b});
  EXPECT_EQ(world.fuser.kernel_count(), 1U);
  for (const char* name : {"exp", "sin", "cos"})
    expect_agreement(world, "graph(%a):\n %b = aten::" + std::string(name) + "(%a)\n return (%b)", {a});
  EXPECT_EQ(world.fuser.kernel_count(), 2U);
  expect_agreement(world, scaled("4.5"), {a});
}

TEST(Fuser, ManyThreadsAddAndRun) {
  World world;
  const Tensor a = numbers(DType::f32, {64}, 1);
  const std::string expected = bytes_of(world.eager(sum, {a, a})[0].tensor());
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        Stack stack{a, a};
        world.fuser.run(world.fuser.add(world.graph(sum)), stack);
        wrong += bytes_of(stack[0].tensor()) != expected;
        const std::string other =
            "graph(%a):\n %b = aten::mul.Scalar(%a, " + std::to_string(t * 50 + i) + ".0)\n return (%b)";
        Stack second{a};
        world.fuser.run(world.fuser.add(world.graph(other)), second);
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(world.fuser.group_count(), 201U);
  EXPECT_EQ(world.fuser.counts().fused, 400U);
}

TEST(FusedProgram, NodesMoveIntoAGroupUnlessAWriteForbidsIt) {
  World world;
  const auto groups = [&](const std::string& text) {
    return FusedProgram(world.fuser, world.graph(text)).group_count();
  };
  EXPECT_EQ(groups(R"(graph(%a, %b):
    %1 = aten::exp(%a)
    %2 = aten::sum.dim_IntList(%b, [0], False, None)
    %3 = aten::neg(%1)
    return (%3, %2))"),
            1U);
  const std::string written = R"(graph(%a, %b):
    %1 = aten::exp(%a)
    %2 = aten::add_.Scalar(%1, 1, 1)
    %3 = aten::neg(%1)
    return (%3))";
  EXPECT_EQ(groups(written), 2U);
  FusedProgram program(world.fuser, world.graph(written));
  const Tensor a = numbers(DType::f32, {4}, 1);
  Stack fused{a, a}, fallback{a, a};
  program.run(fused);
  program.run(fallback, FusedProgram::Execution::fallback);
  expect_equal(fused[0].tensor(), world.eager(written, {a, a})[0].tensor(), written);
  expect_equal(fallback[0].tensor(), fused[0].tensor(), written);
}

}  // namespace
}  // namespace engine::fuser
