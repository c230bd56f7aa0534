#include "engine/fallbacks/fallback_cases.h"

namespace engine::fallbacks {

namespace {

using testing::HasSubstr;
using ZeroTensors = Fallback;

TEST_F(ZeroTensors, KernelSeesMaterializedZerosOfTheSameGeometry) {
  define("read(Tensor x) -> Tensor");
  const Tensor expanded = zeros({1, 3}).view({2, 3}, {0, 1}, 0), windows = zeros({5}).view({3, 3}, {1, 1}, 0),
               column = zeros({4, 3}).view({4}, {3}, 2), none = zeros({0, 2});
  for (const Tensor& zero : {zeros({2, 3}), expanded, windows, column, none}) {
    call("test::read", {zero});
    EXPECT_TRUE((seen_tensor(0).keys() & lazy_bits).empty());
    EXPECT_EQ(seen_tensor(0).sizes(), zero.sizes());
    EXPECT_EQ(seen_tensor(0).strides(), zero.strides());
    EXPECT_EQ(values_of(seen_tensor(0)), Numbers(static_cast<size_t>(zero.element_count()), 0));
  }
}

TEST_F(ZeroTensors, NegativeZeroKeepsItsSign) {
  define("read(Tensor x) -> Tensor");
  call("test::read", {negated(zeros({1}))});
  EXPECT_TRUE((seen_tensor(0).keys() & lazy_bits).empty());
  EXPECT_TRUE(std::signbit(values_of(seen_tensor(0))[0]));
  const Tensor infinite = ops("aten::reciprocal", {negated(zeros({1}))});
  EXPECT_EQ(values_of(infinite)[0], -HUGE_VAL);
}

TEST_F(ZeroTensors, TensorsInListsAreMaterializedInACopyOfTheList) {
  define("lists(Tensor[] x, Tensor?[] y) -> ()", 0);
  const Tensor zero = zeros({2}), other = tensor_of(DType::f32, {2}, {1, 2});
  const Value list = std::vector<Tensor>{zero, other, Tensor()};
  const Value optional = std::vector<std::optional<Tensor>>{std::nullopt, zero};
  call("test::lists", {list, optional});
  EXPECT_FALSE(seen[0].keys().has(DispatchKey::ZeroTensor));
  EXPECT_FALSE(seen[1].keys().has(DispatchKey::ZeroTensor));
  EXPECT_TRUE(seen[0].tensors()[1].is_same(other));
  EXPECT_TRUE(list.tensors()[0].is_same(zero));
  EXPECT_TRUE(optional.optional_tensors()[1]->is_same(zero));
}

TEST_F(ZeroTensors, WriteIsRejectedBeforeAnyChange) {
  define("write(Tensor(a!) x, Tensor(b!)[] y) -> ()", 0,
         [](std::span<Value> values) { values[0].tensor().data<float>()[0] = 7; });
  const Tensor real = tensor_of(DType::f32, {1}, {1});
  EXPECT_THAT(error_of([&] { call("test::write", {real, std::vector<Tensor>{real, zeros({1})}}); }),
              HasSubstr("ZeroTensors are immutable. Please use clone() on 'y'"));
  EXPECT_TRUE(seen.empty());
  EXPECT_EQ(values_of(real), Numbers{1});
  EXPECT_EQ(real.version(), 0u);
  EXPECT_THAT(error_of([&] { call("aten::add_.Tensor", {zeros({1}), real}); }), HasSubstr("immutable"));
}

TEST_F(ZeroTensors, ViewKeepsTheKeyAndMoreThanAViewIsRefused) {
  define("view(Tensor(a) x) -> Tensor(a)");
  const Stack result = call("test::view", {zeros({2})});
  EXPECT_TRUE(result[0].tensor().is_zero());
  define("view_and_read(Tensor(a) x) -> (Tensor(a), Tensor)");
  EXPECT_THAT(error_of([&] { call("test::view_and_read", {zeros({2})}); }),
              HasSubstr("may return a view of 'x'"));
  define("view_and_write(Tensor(a) x, Tensor(b!) y) -> Tensor(a)");
  const Tensor y = tensor_of(DType::f32, {1}, {1});
  EXPECT_THAT(error_of([&] { call("test::view_and_write", {zeros({2}), y}); }),
              HasSubstr("may return a view of 'x'"));
}

TEST_F(ZeroTensors, MetaZeroTensorGivesAPlainMetaResult) {
  const Tensor zero = make_zero_tensor(DType::f32, {2, 3}, DeviceType::meta);
  const Tensor result = ops("aten::cos", {zero});
  EXPECT_TRUE(result.is_meta());
  EXPECT_FALSE(result.is_zero());
  EXPECT_EQ(result.sizes(), IntSpan({2, 3}));
}

}  // namespace

}  // namespace engine::fallbacks
