#include "engine/fake/call_cache.h"

#include <gtest/gtest.h>

#include "engine/dispatch/trace.h"
#include "engine/fake/fake_mode.h"
#include "engine/operator_cases.h"

namespace engine::fake {
namespace {

using ops::Operators;

struct Cache : testing::Test {
  Operators op;
  FakeMode mode;

  Tensor fake(IntSpan sizes, DType dtype = DType::f32) { return mode.fake_of(make_tensor(dtype, sizes)); }
  uint64_t hits() { return mode.cache().counts().hits; }
};

TEST_F(Cache, HitRunsNoKernelAndGivesWhatTheMissGave) {
  const auto calls = [&](Tensor& made) {
    const Trace trace(op.dispatcher());
    made = op("aten::add.Tensor", {fake({2, 3}), fake({3}, DType::f64)});
    return trace.calls().size();
  };
  Tensor miss, hit;
  EXPECT_EQ(calls(miss), 2u) << "of fakes, and of meta tensors";
  EXPECT_EQ(calls(hit), 1u);
  EXPECT_EQ(hits(), 1u);
  EXPECT_FALSE(hit.is_same(miss));
  EXPECT_FALSE(hit.shares_storage(miss));
  EXPECT_EQ(hit.sizes(), miss.sizes());
  EXPECT_EQ(hit.strides(), miss.strides());
  EXPECT_EQ(hit.dtype(), miss.dtype());
  EXPECT_EQ(hit.keys(), miss.keys());
  EXPECT_EQ(unwrapped(hit).keys(), unwrapped(miss).keys());
  EXPECT_EQ(hit.storage()->bytes(), miss.storage()->bytes());
}

TEST_F(Cache, AnotherKernelIsAnotherKey) {
  const Tensor a = fake({2, 3});
  op("aten::exp", {a});
  const Registration kept = op.dispatcher().implement(
      "aten::exp", DispatchKey::Meta,
      Kernel::from_boxed([](const Call&, Stack&) { throw Error("the new kernel"); }), "test");
  EXPECT_THROW(op("aten::exp", {a}), Error);
}

TEST_F(Cache, EverythingThatDecidesAResultIsPartOfTheKey) {
  const Tensor a = fake({2, 2});
  const Tensor t = op("aten::t", {a});
  op("aten::exp", {a});
  const uint64_t before = hits();
  EXPECT_EQ(op("aten::exp", {t}).stride(0), 1);
  EXPECT_EQ(op("aten::exp", {fake({2, 2}, DType::i64)}).dtype(), DType::f32);
  EXPECT_EQ(op("aten::exp", {fake({4})}).rank(), 1u);
  EXPECT_EQ(hits(), before);
  EXPECT_EQ(op("aten::sum.dim_IntList", {a, Dims{0}, false}).rank(), 1u);
  EXPECT_EQ(op("aten::sum.dim_IntList", {a, Dims{0}, true}).rank(), 2u);
  EXPECT_EQ(op("aten::sum.dim_IntList", {a, Dims{1, 0}, true}).rank(), 2u);
  EXPECT_EQ(hits(), before);
}

TEST_F(Cache, WhichTensorOfAListIsMissingIsPartOfTheKey) {
  using Indices = std::vector<std::optional<Tensor>>;
  const Tensor a = fake({2, 3, 4}), index = fake({7}, DType::i64);
  EXPECT_EQ(op("aten::index.Tensor", {a, Indices{index, std::nullopt}}).sizes(), (Dims{7, 3, 4}));
  EXPECT_EQ(op("aten::index.Tensor", {a, Indices{std::nullopt, index}}).sizes(), (Dims{2, 7, 4}));
  EXPECT_EQ(hits(), 0u);
}

TEST_F(Cache, ViewsAndArgumentsAreThoseOfThisCall) {
  const Tensor a = fake({2, 3}), b = fake({2, 3});
  op("aten::transpose.int", {a, 0, 1});
  op("aten::add_.Tensor", {a, a});
  const Tensor view = op("aten::transpose.int", {b, 0, 1});
  EXPECT_EQ(hits(), 1u);
  EXPECT_TRUE(view.shares_storage(b));
  EXPECT_FALSE(view.shares_storage(a));
  EXPECT_TRUE(op("aten::add_.Tensor", {b, b}).is_same(b));
  EXPECT_EQ(hits(), 2u);
  EXPECT_EQ(b.version(), 1u);
}

// Whether arguments overlap decides whether a call raises.
TEST_F(Cache, SharingAmongArgumentsIsPartOfTheKey) {
  const Tensor memory = fake({4});
  const Tensor low = op("aten::slice.Tensor", {memory, 0, 0, 3, 1}),
               high = op("aten::slice.Tensor", {memory, 0, 1, 4, 1});
  const Tensor other = op("aten::slice.Tensor", {fake({4}), 0, 1, 4, 1});
  op("aten::add_.Tensor", {low, other});
  EXPECT_THROW(op("aten::add_.Tensor", {low, high}), Error);
}

TEST_F(Cache, CallsThatChangeArgumentsAreNotKept) {
  for (int i = 0; i < 2; ++i) {
    const Tensor out = fake({0});
    op("aten::exp.out", {fake({4})}, {{"out", Value(out)}});
    EXPECT_EQ(out.size(0), 4);
  }
  EXPECT_EQ(hits(), 0u);
  EXPECT_EQ(mode.cache().counts().bypasses.at("a change of an argument"), 2u);
  const Tensor number = mode.lift(ops::tensor_of(DType::f64, {}, {3}));
  op("aten::exp", {number});
  EXPECT_EQ(mode.cache().counts().bypasses.at("constants"), 1u);
}

TEST_F(Cache, UnknownWriteByAHitEndsConstants) {
  const Tensor number = mode.lift(ops::tensor_of(DType::f32, {1}, {3}));
  op("aten::add_.Tensor", {fake({1}), fake({1})});
  op("aten::add_.Tensor", {number, fake({1})});
  EXPECT_THROW(op.all("aten::_local_scalar_dense", {number}), NeedsData);
}

TEST_F(Cache, ErrorsAreNotKept) {
  for (int i = 0; i < 2; ++i) EXPECT_THROW(op("aten::mm", {fake({2, 3}), fake({2, 3})}), Error);
  EXPECT_EQ(hits(), 0u);
}

}  // namespace
}  // namespace engine::fake
