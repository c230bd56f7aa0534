#include "engine/fake/fake_mode.h"

#include <gtest/gtest.h>

#include "engine/autograd/history.h"
#include "engine/autograd/inference_mode.h"
#include "engine/autograd/view.h"
#include "engine/dispatch/boxing.h"
#include "engine/dispatch/schema_parser.h"
#include "engine/fake/shapes/shape_env.h"
#include "engine/operator_cases.h"

namespace engine::fake {
namespace {

using ops::Operators;

constexpr Device gpu{DeviceType::cuda, 1};

Tensor on_gpu(FakeMode& mode, DType dtype, IntSpan sizes) {
  // A real tensor without data: no GPU is needed.
  const Dims strides = contiguous_strides(Dims(sizes.begin(), sizes.end()));
  const auto bytes = static_cast<size_t>(element_count(sizes)) * size_of(dtype);
  return mode.fake_of(Tensor::over(make_storage_without_data(gpu, bytes), dtype, sizes, strides));
}

TEST(FakeMode, ComputesSizesAndDeviceOfATensorOnAnAbsentDevice) {
  Operators op;
  FakeMode mode;
  const Tensor a = on_gpu(mode, DType::f32, {2, 1}), b = on_gpu(mode, DType::f64, {3});
  const Tensor sum = op("aten::add.Tensor", {a, b});
  EXPECT_TRUE(mode.is_fake(sum));
  EXPECT_EQ(sum.device(), gpu);
  EXPECT_EQ(sum.dtype(), DType::f64);
  EXPECT_EQ(Dims(sum.sizes().begin(), sum.sizes().end()), (Dims{2, 3}));
  EXPECT_FALSE(sum.has_data());
  EXPECT_EQ(thread_keys, ThreadKeys());
}

TEST(FakeMode, ResultsShareStorageAndVersionAsRealOnes) {
  Operators op;
  FakeMode mode;
  const Tensor a = mode.fake_of(make_tensor(DType::f32, {2, 3}));
  const Tensor turned = op("aten::transpose.int", {a, int64_t{0}, int64_t{1}});
  EXPECT_TRUE(turned.shares_storage(a));
  EXPECT_EQ(turned.stride(0), 1);
  const uint32_t before = a.version();
  const Tensor same = op("aten::neg_", {turned});
  EXPECT_TRUE(same.is_same(turned));
  EXPECT_EQ(a.version(), before + 1);
}

TEST(FakeMode, FactoriesMakeFakeTensorsOnTheDeviceThatTheyName) {
  Operators op;
  FakeMode mode;
  const UseFakeMode in_force(mode);
  const Tensor made = op("aten::zeros", {Dims{2}}, {{"device", Value(gpu)}});
  EXPECT_TRUE(mode.is_fake(made));
  EXPECT_EQ(made.device(), gpu);
  EXPECT_EQ(op("aten::zeros", {Dims{2}}).device(), Device(DeviceType::cpu));
  EXPECT_EQ(op("aten::zeros_like", {made}).device(), gpu);
}

TEST(FakeMode, RefusesPlainTensorsBeforeAnyEffectUnlessItConvertsThem) {
  Operators op;
  FakeMode strict, lenient({.converts_plain_tensors = true});
  const Tensor plain = ops::tensor_of(DType::f32, {2}, {1, 2});
  const Tensor fake = strict.fake_of(plain);
  const uint32_t version = fake.version();
  EXPECT_THROW(op("aten::add_.Tensor", {fake, plain}), Error);
  EXPECT_EQ(fake.version(), version);
  const UseFakeMode in_force(lenient);
  const Tensor made = op("aten::exp", {plain});
  EXPECT_TRUE(lenient.is_fake(made));
  EXPECT_EQ(ops::values_of(plain), (std::vector<double>{1, 2}));
}

TEST(FakeMode, RefusesTensorsOfAnotherFakeMode) {
  Operators op;
  FakeMode one, other;
  const Tensor a = one.fake_of(make_tensor(DType::f32, {2})), b = other.fake_of(make_tensor(DType::f32, {2}));
  EXPECT_THROW(op("aten::add.Tensor", {a, b}), Error);
  EXPECT_THROW(op("aten::add.Tensor", {b, a}), Error);
}

TEST(FakeMode, ElementsAreMissingAndSaidToBe) {
  Operators op;
  FakeMode mode;
  const Tensor a = mode.fake_of(make_tensor(DType::f32, {}));
  try {
    op("aten::_local_scalar_dense", {a});
    FAIL() << "an element of a fake tensor";
  } catch (const NeedsData& error) {
    EXPECT_EQ(error.op(), "aten::_local_scalar_dense");
  }
  EXPECT_THROW(a.data(), Error);
}

TEST(FakeMode, ExceptionLeavesTheThreadAndArgumentsAsTheyWere) {
  Operators op;
  FakeMode mode;
  const UseFakeMode in_force(mode);
  const Modes modes = thread_modes;
  const ThreadKeys keys = thread_keys;
  const Tensor a = op("aten::zeros", {Dims{2, 3}});
  for (int i = 0; i < 3; ++i) EXPECT_THROW(op("aten::mm", {a, a}), Error);
  EXPECT_EQ(thread_modes, modes);
  EXPECT_EQ(thread_keys, keys);
  EXPECT_EQ(a.size(1), 3);
}

// A kernel that raises in one of three calls, some of them in a call of its own.
struct Risky {
  uint32_t* state;
  void operator()(const Call& call, Stack& stack) const {
    *state = *state * 1664525 + 1013904223;
    const Tensor self = stack.back().tensor();
    if (*state % 3 == 0) throw Error("by chance");
    const Tensor made = ops::Formulas(call.dispatcher())("aten::exp", {self});
    if (*state % 3 == 1) ops::Formulas(call.dispatcher())("aten::mm", {made, made});  // raises
    stack.back() = Value(made);
  }
};

TEST(FakeMode, KernelsThatRaiseAtRandomLeaveNothingBehind) {
  Operators op;
  uint32_t state = 7;
  std::vector<Registration> kept;
  kept.push_back(op.dispatcher().define(parse_schema("mine::risky(Tensor self) -> Tensor"), "test"));
  for (const DispatchKey key : {DispatchKey::Meta, DispatchKey::CPU})
    kept.push_back(op.dispatcher().implement("mine::risky", key, boxed_kernel_of(Risky{&state}), "test"));
  ShapeEnv env;
  FakeMode cached, plain({.caches_calls = false}), symbolic({.shapes = &env});
  const ThreadKeys keys = thread_keys;
  for (FakeMode* const mode : {&cached, &plain, &symbolic}) {
    const Tensor real = make_tensor(DType::f32, {2, 3}), fake = mode->fake_of(real);
    const Tensor number = mode->lift(ops::tensor_of(DType::f32, {1}, {3}));
    const UseFakeMode in_force(*mode);
    const Modes modes = thread_modes;
    const ThreadKeys in_mode = thread_keys;
    const uint32_t owners = fake.body()->use_count();
    int raised = 0;
    for (int i = 0; i < 34000; ++i) try {
        op("mine::risky", {i % 5 == 0 ? number : fake});
      } catch (const Error&) {
        ++raised;
      }
    EXPECT_GT(raised, mode == &cached ? 0 : 1000) << "the cache keeps the first result";
    EXPECT_EQ(thread_modes, modes);
    EXPECT_EQ(thread_keys, in_mode);
    EXPECT_TRUE(mode->fake_of(real).is_same(fake));
    EXPECT_EQ(fake.body()->use_count(), owners);
    EXPECT_EQ(fake.sizes(), IntSpan({2, 3}));
    EXPECT_EQ(fake.version(), 0u);
  }
  EXPECT_EQ(thread_keys, keys);
  EXPECT_FALSE(thread_modes.any());
}

TEST(FakeMode, ModeMayBeEnteredTwiceAndHidesAnother) {
  FakeMode one, other;
  const UseFakeMode first(one);
  const Modes modes = thread_modes;
  {
    const UseFakeMode again(one);
    EXPECT_EQ(thread_modes, modes);
    const UseFakeMode different(other);
    EXPECT_EQ(thread_modes.in_place[static_cast<size_t>(ModePlace::fake)], &other);
  }
  EXPECT_EQ(thread_modes, modes);
}

TEST(FakeMode, OutIsResizedAndItsStorageGrows) {
  Operators op;
  FakeMode mode;
  const Tensor a = mode.fake_of(make_tensor(DType::f32, {4}));
  const Tensor out = mode.fake_of(make_tensor(DType::f32, {0}));
  op("aten::exp.out", {a}, {{"out", Value(out)}});
  EXPECT_EQ(out.size(0), 4);
  EXPECT_EQ(out.storage()->bytes(), 16u);
}

TEST(FakeMode, ResultsOfALeafHaveHistory) {
  Operators op;
  FakeMode mode;
  const Tensor x = make_tensor(DType::f32, {3});
  autograd::require_grad(x);
  const Tensor fake = mode.fake_of(x);
  const Tensor y = op("aten::exp", {fake});
  EXPECT_TRUE(y.requires_grad());
  EXPECT_FALSE(autograd::is_leaf(y));
}

TEST(FakeMode, ShowsLazyBits) {
  Operators op;
  FakeMode mode;
  const Tensor x = make_tensor(DType::c64, {2});
  const Tensor fake = mode.fake_of(op("aten::_conj", {x}));
  EXPECT_TRUE(fake.is_conj());
  EXPECT_FALSE(op("aten::conj", {fake}).is_conj());
  const Tensor imaginary = op("aten::imag", {fake});
  EXPECT_TRUE(imaginary.is_neg());
  EXPECT_TRUE(imaginary.shares_storage(fake));
  EXPECT_FALSE(op("aten::exp", {fake}).is_conj());
  EXPECT_FALSE(op("aten::resolve_conj", {fake}).shares_storage(fake));
  EXPECT_TRUE(op("aten::resolve_neg", {fake}).is_same(fake));
  op("aten::mul_.Scalar", {fake, 2});
  EXPECT_TRUE(fake.is_conj());
  const Tensor zero = mode.fake_of(make_zero_tensor(DType::f32, {2}));
  EXPECT_TRUE(zero.is_zero());
  EXPECT_THROW(op("aten::add_.Scalar", {zero, 1}), Error);
  EXPECT_FALSE(op("aten::exp", {zero}).is_zero());
  EXPECT_TRUE(op("aten::neg", {op("aten::view", {zero, Dims{2, 1}})}).defined());
}

TEST(ResultDevice, NumberOnTheCpuMayBeBesideAnyDevice) {
  Operators op;
  FakeMode mode;
  const Tensor number = mode.fake_of(make_tensor(DType::f64, {}));
  const Tensor vector = mode.fake_of(make_tensor(DType::f32, {2}));
  const Tensor far = on_gpu(mode, DType::f32, {2}), far_number = on_gpu(mode, DType::f32, {});
  EXPECT_EQ(op("aten::add.Tensor", {number, far}).device(), gpu);
  EXPECT_EQ(op("aten::add.Tensor", {far, number}).device(), gpu);
  EXPECT_EQ(op("aten::add.Tensor", {number, far_number}).device(), gpu);
  EXPECT_THROW(op("aten::add.Tensor", {vector, far}), Error);
  EXPECT_THROW(op("aten::add.Tensor", {far, vector}), Error);
  EXPECT_THROW(op("aten::add.Tensor", {far_number, vector}), Error);
  EXPECT_EQ(op("aten::copy_", {far, vector}).device(), gpu);
  EXPECT_THROW(op("aten::add_.Tensor", {number, far_number}), Error) << "of two devices";
}

TEST(Converter, KeepsIdentitySharingBasesAndLeaves) {
  Operators op;
  FakeMode mode;
  const Tensor x = make_tensor(DType::f32, {2, 3});
  autograd::require_grad(x);
  const Tensor view = op("aten::transpose.int", {x, int64_t{0}, int64_t{1}});
  const uint32_t version = x.version();
  const Tensor fake_view = mode.fake_of(view), fake = mode.fake_of(x);
  EXPECT_TRUE(mode.fake_of(x).is_same(fake));
  EXPECT_TRUE(mode.fake_of(fake).is_same(fake));
  EXPECT_TRUE(fake_view.shares_storage(fake));
  EXPECT_TRUE(autograd::is_leaf(fake));
  EXPECT_FALSE(autograd::is_leaf(fake_view));
  ASSERT_TRUE(autograd::view_of(fake_view));
  EXPECT_TRUE(autograd::view_of(fake_view)->base.is_same(fake));
  EXPECT_EQ(x.version(), version);
  FakeMode other;
  EXPECT_FALSE(other.fake_of(x).shares_storage(fake));
}

TEST(Converter, KeepsInferenceTensorsAndTheirRules) {
  Operators op;
  FakeMode mode;
  const auto made = [] {
    const autograd::InferenceMode inference;
    return make_tensor(DType::f32, {2});
  };
  const Tensor real = made(), fake = mode.fake_of(real), usual = mode.fake_of(make_tensor(DType::f32, {2}));
  EXPECT_TRUE(is_inference(fake));
  EXPECT_FALSE(is_inference(usual));
  for (const Tensor& each : {real, fake}) {
    EXPECT_FALSE(is_inference(op("aten::exp", {each})));
    EXPECT_TRUE(is_inference(op("aten::select.int", {each, 0, 0})));
    EXPECT_THROW(op("aten::neg_", {each}), Error) << "written outside of inference mode";
    const autograd::InferenceMode inference;
    EXPECT_TRUE(is_inference(op("aten::exp", {each})));
    op("aten::neg_", {each});
  }
}

TEST(Converter, CopyOfAFakeIsAFakeOfItsOwnMemory) {
  Operators op;
  FakeMode mode;
  const Tensor fake = on_gpu(mode, DType::f32, {2, 3});
  const UseFakeMode in_force(mode);
  const Tensor copy = op("aten::clone", {fake});
  EXPECT_TRUE(mode.is_fake(copy));
  EXPECT_FALSE(copy.shares_storage(fake));
  EXPECT_EQ(copy.device(), gpu);
}

TEST(Converter, KeepsNoRealTensorAlive) {
  FakeMode mode;
  Tensor x = make_tensor(DType::f32, {2});
  const Storage storage = x.storage();
  const uint32_t owners = storage->use_count();
  const Tensor fake = mode.fake_of(x);
  x = Tensor();
  EXPECT_EQ(storage->use_count(), owners - 1);
}

TEST(FakeMode, RunsOnZerosIfAsked) {
  Operators op;
  std::vector<Registration> kept;
  kept.push_back(op.dispatcher().define(parse_schema("mine::twice(Tensor self) -> Tensor"), "test"));
  kept.push_back(op.dispatcher().implement(
      "mine::twice", DispatchKey::CPU, Kernel::from_boxed([](const Call&, Stack& stack) {
        const Tensor self = stack.back().tensor();
        stack.back() = Value(make_tensor(self.dtype(), {self.size(0), 2}));
      }),
      "test"));
  FakeMode strict, lenient({.runs_on_zeros = true});
  EXPECT_THROW(op("mine::twice", {strict.fake_of(make_tensor(DType::f32, {3}))}), Error);
  const Tensor made = op("mine::twice", {on_gpu(lenient, DType::f32, {3})});
  EXPECT_TRUE(lenient.is_fake(made));
  EXPECT_EQ(made.device(), gpu);
  EXPECT_EQ(made.size(1), 2);
}

}  // namespace
}  // namespace engine::fake
