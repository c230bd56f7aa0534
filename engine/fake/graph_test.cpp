#include "engine/fake/graph.h"

#include <gtest/gtest.h>

#include "engine/fake/shapes/shape_env.h"
#include "engine/ir/recorder.h"
#include "engine/operator_cases.h"

namespace engine::fake {
namespace {

using ops::Operators;

// Runs the calls of a network, or records them.
using Run = std::function<Tensor(std::string_view, std::vector<Value>)>;

Tensor numbers(IntSpan sizes, Device device = DeviceType::cpu) {
  const Tensor made = make_tensor(DType::f32, sizes, device);
  for (int64_t i = 0; i < made.element_count(); ++i) made.data<float>()[i] = static_cast<float>(i % 7) - 3;
  return made;
}

// A convolution of 3 by 3 as a product of windows and weights, then a maximum over the image.
struct ConvolutionNetwork {
  explicit ConvolutionNetwork(Device device) : on(device) {}
  Device on;
  Tensor weights = numbers({27, 4}, on), bias = numbers({4}, on), last = numbers({4, 5}, on);

  std::vector<Tensor> inputs(int64_t batch) const { return {numbers({batch, 3, 8, 8}, on)}; }
  Tensor operator()(const Run& run, const std::vector<Tensor>& in) const {
    std::vector<Value> rows;
    std::vector<Tensor> windows;
    for (int64_t y = 0; y < 3; ++y)
      for (int64_t x = 0; x < 3; ++x)
        windows.push_back(
            run("aten::slice.Tensor", {run("aten::slice.Tensor", {in[0], 2, y, y + 6, 1}), 3, x, x + 6, 1}));
    const Tensor stacked = run("aten::stack", {windows, 1});  // batch, 9, 3, 6, 6
    const Tensor channels_last = run("aten::permute", {stacked, Dims{0, 3, 4, 2, 1}});
    const Tensor flat = run("aten::reshape", {channels_last, Dims{-1, 27}});
    const Tensor convolved = run("aten::clamp", {run("aten::addmm", {bias, flat, weights}), 0});
    const Tensor image = run("aten::reshape", {convolved, Dims{-1, 36, 4}});
    const Tensor most = run("aten::amax", {image, Dims{1}});
    return run("aten::mm", {run("aten::mul.Tensor", {most, most}), last});
  }
};

// One block with one head: attention, a residual sum, a normalization and two layers.
struct TransformerBlock {
  explicit TransformerBlock(Device device) : on(device) {}
  Device on;
  Tensor query = numbers({8, 8}, on), key = numbers({8, 8}, on), value = numbers({8, 8}, on),
         up = numbers({8, 16}, on), down = numbers({16, 8}, on);

  std::vector<Tensor> inputs(int64_t batch) const { return {numbers({batch, 6, 8}, on)}; }
  Tensor operator()(const Run& run, const std::vector<Tensor>& in) const {
    const Tensor &x = in[0], q = run("aten::matmul", {x, query}), k = run("aten::matmul", {x, key}),
                 v = run("aten::matmul", {x, value});
    const Tensor scores = run("aten::matmul", {q, run("aten::transpose.int", {k, -2, -1})});
    const Tensor weights = run("aten::_softmax", {run("aten::mul.Scalar", {scores, 0.35}), -1, false});
    const Tensor attended = run("aten::add.Tensor", {run("aten::matmul", {weights, v}), x});
    const Tensor centred =
        run("aten::sub.Tensor", {attended, run("aten::mean.dim", {attended, Dims{-1}, true})});
    const Tensor variance =
        run("aten::mean.dim", {run("aten::mul.Tensor", {centred, centred}), Dims{-1}, true});
    const Tensor normal =
        run("aten::div.Tensor", {centred, run("aten::sqrt", {run("aten::add.Scalar", {variance, 1e-5})})});
    const Tensor wide = run("aten::clamp", {run("aten::matmul", {normal, up}), 0});
    return run("aten::add.Tensor", {run("aten::matmul", {wide, down}), attended});
  }
};

Tensor record(Operators& op, ir::Recorder& recorder, std::string_view name, std::vector<Value> arguments) {
  const Operator called = op.dispatcher().op(name);
  Stack stack = normalized(called.schema(), std::move(arguments));
  recorder.call(called, stack);
  return stack.back().tensor();
}

// A GPU that is not there, and one whose kernels the host runs.
constexpr Device absent_gpu{DeviceType::cuda, 0}, host_gpu{DeviceType::host_cuda};

Tensor on(Device device, const Tensor& tensor) {
  const size_t bytes = tensor.storage()->bytes();
  return Tensor::over(make_storage_without_data(device, bytes), tensor.dtype(), tensor.sizes(),
                      tensor.strides(), tensor.offset());
}

// Recorded for a batch of 5 on the CPU, propagated once as fakes of an absent GPU with symbolic sizes: for
// other batches, every node has the sizes, strides and dtype of a real run.
template <class Network>
void check() {
  Operators op;
  const Network network(DeviceType::cpu), on_gpu(host_gpu);
  const std::vector<Tensor> recorded = network.inputs(5);
  ir::Recorder recorder(recorded);
  network([&](std::string_view name,
              std::vector<Value> arguments) { return record(op, recorder, name, std::move(arguments)); },
          recorded);
  ShapeEnv env;
  FakeMode mode({.shapes = &env});
  std::vector<Tensor> inputs;
  for (const Tensor& input : recorded) inputs.push_back(mode.fake_of(on(absent_gpu, input)));
  const auto values = propagate(recorder.graph(), mode, inputs, absent_gpu);
  ASSERT_EQ(values.size(), recorder.graph().nodes.size());
  EXPECT_TRUE(values.back()[0].sizes[0].is_symbol()) << "the batch was specialized";
  const GuardSet guards = env.guard_set();
  for (const int64_t batch : {2, 3, 11}) {
    const std::vector<Tensor> real_inputs = on_gpu.inputs(batch);
    ASSERT_TRUE(guards.hold_for(real_inputs)) << batch;
    size_t node = 0;
    on_gpu(
        [&](std::string_view name, std::vector<Value> arguments) {
          const Tensor real = op(name, std::move(arguments));
          const FakeValue& fake = values[node][0];
          EXPECT_EQ(fake.dtype, real.dtype()) << name;
          EXPECT_EQ(real.device(), host_gpu) << name;
          EXPECT_EQ(fake.device, absent_gpu) << name;
          EXPECT_EQ(fake.sizes.size(), real.rank()) << name;
          for (size_t d = 0; d < real.rank(); ++d) {
            EXPECT_EQ(env.value_for(fake.sizes[d], real_inputs), real.size(d)) << name << " at node " << node;
            EXPECT_EQ(env.value_for(fake.strides[d], real_inputs), real.stride(d))
                << name << " at node " << node;
          }
          ++node;
          return real;
        },
        real_inputs);
    EXPECT_EQ(node, values.size());
  }
}

TEST(Graph, ConvolutionNetworkIsPropagatedForAnyBatch) { check<ConvolutionNetwork>(); }

TEST(Graph, TransformerBlockIsPropagatedForAnyBatch) { check<TransformerBlock>(); }

TEST(Graph, ValuesAreSnapshots) {
  Operators op;
  const Tensor a = numbers({2, 3});
  ir::Recorder recorder({a});
  record(op, recorder, "aten::exp", {a});
  record(op, recorder, "aten::transpose_", {a, 0, 1});
  FakeMode mode;
  const Tensor fake = mode.fake_of(numbers({2, 3}));
  const auto values = propagate(recorder.graph(), mode, {fake}, DeviceType::cpu);
  EXPECT_EQ(values[0][0].sizes[0].hint(), 2);
  EXPECT_EQ(values[1][0].sizes[0].hint(), 3);
  EXPECT_EQ(fake.size(0), 3);
  EXPECT_THROW(propagate(recorder.graph(), mode, {}, DeviceType::cpu), Error);
}

}  // namespace
}  // namespace engine::fake
