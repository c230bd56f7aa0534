#include "engine/fallbacks/fallback_cases.h"

namespace engine::fallbacks {

namespace {

using testing::HasSubstr;
using MathBits = Fallback;

// Adds one to each element of the first argument, as its memory holds it.
void add_one(std::span<Value> values) {
  const Tensor& x = values[0].tensor();
  for_each_position(x.sizes(), x.strides(), 0, [&](int64_t at) { x.data<float>()[at] += 1; });
}

TEST_F(MathBits, KernelSeesResolvedTensorOfTheSameGeometry) {
  define("read(Tensor x) -> Tensor");
  const Tensor base = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor column = base.view({2}, {3}, 1), windows = base.view({2, 3}, {1, 1}, 2);
  for (const Tensor& plain : {base, column, windows, base.view({4, 3}, {0, 1}, 3), base.view({0}, {1}, 0)}) {
    call("test::read", {negated(plain)});
    EXPECT_TRUE((seen_tensor(0).keys() & lazy_bits).empty());
    EXPECT_EQ(seen_tensor(0).sizes(), plain.sizes());
    EXPECT_EQ(seen_tensor(0).strides(), plain.strides());
    Numbers expected = values_of(plain);
    for (double& x : expected) x = -x;
    EXPECT_EQ(values_of(seen_tensor(0)), expected);
  }
}

TEST_F(MathBits, BothBitsAreResolved) {
  const Tensor x = make_tensor(DType::c64, {1});
  x.data<std::complex<float>>()[0] = {1, 2};
  define("read(Tensor x) -> Tensor");
  call("test::read", {negated(x.toggled(DispatchKey::Conjugate))});
  EXPECT_EQ(seen_tensor(0).data<std::complex<float>>()[0], std::complex<float>(-1, 2));
}

TEST_F(MathBits, TensorsInListsAreResolvedInACopyOfTheList) {
  define("lists(Tensor?[] x, Tensor[] y) -> ()", 0);
  const Tensor lazy = negated(tensor_of(DType::i64, {1}, {2}));
  const Value optional = std::vector<std::optional<Tensor>>{std::nullopt, lazy};
  const Value list = std::vector<Tensor>{Tensor(), lazy};
  call("test::lists", {optional, list});
  EXPECT_EQ(values_of(*seen[0].optional_tensors()[1]), Numbers{-2});
  EXPECT_EQ(values_of(seen[1].tensors()[1]), Numbers{-2});
  EXPECT_TRUE(optional.optional_tensors()[1]->is_same(lazy));
  EXPECT_TRUE(list.tensors()[1].is_same(lazy));
}

TEST_F(MathBits, WriteGoesThroughTheBitToTheWrittenElementsOnly) {
  define("add_one_(Tensor(a!) x) -> Tensor(a!)", 1, add_one);
  const Tensor base = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor column = negated(base.view({2}, {3}, 1));
  const Stack result = call("test::add_one_", {column});
  EXPECT_TRUE(result[0].tensor().is_same(column));
  EXPECT_TRUE(column.is_neg());
  EXPECT_EQ(values_of(base), (Numbers{1, 1, 3, 4, 4, 6}));
  const Tensor whole = negated(base);
  ops("aten::mul_.Scalar", {whole, 2});
  EXPECT_EQ(whole.version(), 1u);  // bumped by the operator's own kernel only
}

TEST_F(MathBits, ReadsComeBeforeWrites) {
  const Tensor x = tensor_of(DType::f32, {3}, {1, 2, 3});
  ops("aten::add_.Tensor", {negated(x), x});  // -x + x
  EXPECT_EQ(values_of(x), (Numbers{-0.0, -0.0, -0.0}));
  const Tensor y = tensor_of(DType::f32, {4}, {1, 2, 3, 4});
  ops("aten::add_.Tensor", {negated(y.view({3}, {1}, 0)), y.view({3}, {1}, 1)});
  EXPECT_EQ(values_of(y), (Numbers{-1, -1, -1, 4}));
}

TEST_F(MathBits, OutIsResizedAndWrittenThroughItsBit) {
  const Tensor out = make_tensor(DType::f32, {0}), lazy = negated(out);
  ops("aten::abs.out", {tensor_of(DType::f32, {2, 2}, {1, -2, 3, -4})}, {{"out", lazy}});
  EXPECT_EQ(lazy.sizes(), IntSpan({2, 2}));
  lazy.set_keys(out.keys());
  EXPECT_EQ(values_of(lazy), (Numbers{-1, -2, -3, -4}));
}

TEST_F(MathBits, InPlaceViewOfTheCopyChangesTheOriginal) {
  define("every_other_(Tensor(a!) x) -> Tensor(a!)", 1,
         [](std::span<Value> values) { values[0].tensor().set_geometry({1}, {2}, 1); });
  const Tensor base = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor row = negated(base.view({3}, {1}, 3));
  call("test::every_other_", {row});
  EXPECT_EQ(row.offset(), 4);
  EXPECT_EQ(row.strides(), IntSpan({2}));
  EXPECT_EQ(values_of(base), (Numbers{1, 2, 3, 4, 5, 6}));
}

TEST_F(MathBits, WrittenArgumentNeedNotBeTheFirstResult) {
  define("none_(Tensor(a!) x) -> ()", 0, add_one);
  const Tensor x = tensor_of(DType::f32, {1}, {1}), y = tensor_of(DType::f32, {1}, {2});
  EXPECT_TRUE(call("test::none_", {negated(x)}).empty());
  EXPECT_EQ(values_of(x), Numbers{0});
  define("both_(Tensor(a!) x, Tensor(b!)[] y) -> (Tensor(a!), Tensor(b!)[])", 2, add_one);
  const Tensor first = negated(x), second = negated(y);
  const Stack result = call("test::both_", {first, std::vector<Tensor>{second, y}});
  EXPECT_TRUE(result[0].tensor().is_same(first));
  EXPECT_TRUE(result[1].tensors()[0].is_same(second));
  EXPECT_TRUE(result[1].tensors()[1].is_same(y));
}

TEST_F(MathBits, TensorThatIsWrittenTwiceHasOneCopy) {
  define("twice_(Tensor(a!) x, Tensor(b!) y) -> ()", 0, [](std::span<Value> values) {
    add_one(values);
    add_one(values.subspan(1));
  });
  const Tensor x = tensor_of(DType::f32, {1}, {1}), lazy = negated(x);
  call("test::twice_", {lazy, lazy});
  EXPECT_EQ(values_of(x), Numbers{-1});
}

TEST_F(MathBits, RaisingKernelWritesNothing) {
  define("raise_(Tensor(a!) x) -> Tensor(a!)", 1, [](std::span<Value> values) {
    add_one(values);
    throw Error("halfway");
  });
  const Tensor x = tensor_of(DType::f32, {2}, {1, 2});
  EXPECT_THROW(call("test::raise_", {negated(x)}), Error);
  EXPECT_EQ(values_of(x), (Numbers{1, 2}));
}

TEST_F(MathBits, ViewKeepsTheBit) {
  define("view(Tensor(a) x) -> Tensor(a)");
  const Tensor x = negated(tensor_of(DType::f32, {2}, {1, 2}));
  EXPECT_TRUE(call("test::view", {x})[0].tensor().is_same(x));
  define("view_of_one(Tensor(a) x, Tensor y) -> Tensor(a)");
  call("test::view_of_one", {x, x});
  EXPECT_TRUE(seen_tensor(0).is_neg());
  EXPECT_FALSE(seen_tensor(1).is_neg());
}

}  // namespace

}  // namespace engine::fallbacks
