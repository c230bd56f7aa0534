// Wrapper tensors, with the engine's operators.
#include "engine/python/pass_through.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/operator_cases.h"
#include "engine/python/modes.h"

namespace engine {
namespace {

using ops::Operators;
using ops::tensor_of;
using ops::values_of;
using testing::ElementsAre;

struct Wrappers : testing::Test {
  Operators ops;
  Wrapping wrapping;
  Tensor inner = tensor_of(DType::f32, std::array<int64_t, 2>{1, 3}, {1, 2, 3});
  Tensor wrapper = wrapping.wrap(inner);
};

TEST_F(Wrappers, ComputeWithTheirInnerTensors) {
  const Tensor sum = ops("aten::add.Tensor", {inner, wrapper});
  EXPECT_EQ(interpreter_of(sum), &wrapping);
  EXPECT_THAT(values_of(unwrapped(sum)), ElementsAre(2, 4, 6));
  EXPECT_EQ(wrapping.seen().size(), 1u);
}

TEST_F(Wrappers, ViewsOfOneStorageShareOneStorage) {
  const Tensor turned = ops("aten::transpose.int", {wrapper, 0, 1});
  EXPECT_EQ(turned.sizes(), IntSpan({3, 1}));
  EXPECT_TRUE(turned.shares_storage(wrapper));
  EXPECT_TRUE(unwrapped(turned).shares_storage(inner));
  ops("aten::mul_.Scalar", {turned, 2});
  EXPECT_EQ(wrapper.version(), 1u);
  EXPECT_EQ(wrapping.version(inner), 1u) << "counted once, by the wrappers";
  EXPECT_THAT(values_of(inner), ElementsAre(2, 4, 6));
}

TEST_F(Wrappers, ReturnedArgumentIsItsWrapper) {
  EXPECT_TRUE(ops("aten::neg_", {wrapper}).is_same(wrapper));
  const Tensor plain = make_tensor(DType::f32, std::array<int64_t, 1>{0});
  EXPECT_TRUE(ops("aten::exp.out", {wrapper}, {{"out", plain}}).is_same(plain));
  EXPECT_EQ(plain.sizes(), inner.sizes());
}

TEST_F(Wrappers, FollowTheGeometryOfTheirInnerTensor) {
  ops("aten::squeeze_.dim", {wrapper, 0});
  EXPECT_EQ(wrapper.sizes(), IntSpan({3}));
  EXPECT_EQ(inner.sizes(), IntSpan({3}));
}

TEST_F(Wrappers, RaiseInAKernel) {
  const ExcludeKeys without(DispatchKey::Python);
  EXPECT_THAT(error_of([&] { ops("aten::exp", {wrapper}); }), testing::HasSubstr("the tensor has no data"));
}

TEST_F(Wrappers, AreAnsweredAfterModes) {
  PassThrough mode;
  const ModeGuard in_force(mode);
  EXPECT_THAT(values_of(unwrapped(ops("aten::exp", {wrapper})))[0], testing::DoubleNear(2.71828, 1e-4));
  EXPECT_EQ(mode.seen(), wrapping.seen());
  EXPECT_EQ(mode.seen().size(), 1u);
}

}  // namespace
}  // namespace engine
