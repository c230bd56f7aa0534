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

TEST_F(MathBits, kernels_see_resolved_tensors_of_the_same_geometry) {
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

TEST_F(MathBits, both_bits_go_at_once) {
  const Tensor x = make_tensor(DType::c64, {1});
  x.data<std::complex<float>>()[0] = {1, 2};
  define("read(Tensor x) -> Tensor");
  call("test::read", {negated(x.toggled(DispatchKey::Conjugate))});
  EXPECT_EQ(seen_tensor(0).data<std::complex<float>>()[0], std::complex<float>(-1, 2));
}

TEST_F(MathBits, lists_are_read_and_the_callers_stay) {
  define("lists(Tensor?[] x, Tensor[] y) -> ()", 0);
  const Tensor dressed = negated(tensor_of(DType::i64, {1}, {2}));
  const Value optional = std::vector<std::optional<Tensor>>{std::nullopt, dressed};
  const Value list = std::vector<Tensor>{Tensor(), dressed};
  call("test::lists", {optional, list});
  EXPECT_EQ(values_of(*seen[0].optional_tensors()[1]), Numbers{-2});
  EXPECT_EQ(values_of(seen[1].tensors()[1]), Numbers{-2});
  EXPECT_TRUE(optional.optional_tensors()[1]->is_same(dressed));
  EXPECT_TRUE(list.tensors()[1].is_same(dressed));
}

TEST_F(MathBits, a_write_goes_through_the_bit_and_nowhere_else) {
  define("add_one_(Tensor(a!) x) -> Tensor(a!)", 1, add_one);
  const Tensor base = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor column = negated(base.view({2}, {3}, 1));
  const Stack result = call("test::add_one_", {column});
  EXPECT_TRUE(result[0].tensor().is_same(column));
  EXPECT_TRUE(column.is_neg());
  EXPECT_EQ(values_of(base), (Numbers{1, 1, 3, 4, 4, 6}));
  const Tensor whole = negated(base);
  ops("aten::mul_.Scalar", {whole, 2});
  EXPECT_EQ(whole.version(), 1u);  // the operator's own kernel, and nobody else
}

TEST_F(MathBits, every_read_comes_before_a_write) {
  const Tensor x = tensor_of(DType::f32, {3}, {1, 2, 3});
  ops("aten::add_.Tensor", {negated(x), x});  // -x + x
  EXPECT_EQ(values_of(x), (Numbers{-0.0, -0.0, -0.0}));
  const Tensor y = tensor_of(DType::f32, {4}, {1, 2, 3, 4});
  ops("aten::add_.Tensor", {negated(y.view({3}, {1}, 0)), y.view({3}, {1}, 1)});
  EXPECT_EQ(values_of(y), (Numbers{-1, -1, -1, 4}));
}

TEST_F(MathBits, an_out_is_resized_behind_its_bit) {
  const Tensor out = make_tensor(DType::f32, {0}), dressed = negated(out);
  ops("aten::abs.out", {tensor_of(DType::f32, {2, 2}, {1, -2, 3, -4})}, {{"out", dressed}});
  EXPECT_EQ(dressed.sizes(), IntSpan({2, 2}));
  dressed.set_keys(out.keys());
  EXPECT_EQ(values_of(dressed), (Numbers{-1, -2, -3, -4}));
}

TEST_F(MathBits, an_in_place_view_stays_where_its_elements_are) {
  define("every_other_(Tensor(a!) x) -> Tensor(a!)", 1,
         [](std::span<Value> values) { values[0].tensor().set_geometry({1}, {2}, 1); });
  const Tensor base = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor row = negated(base.view({3}, {1}, 3));
  call("test::every_other_", {row});
  EXPECT_EQ(row.offset(), 4);
  EXPECT_EQ(row.strides(), IntSpan({2}));
  EXPECT_EQ(values_of(base), (Numbers{1, 2, 3, 4, 5, 6}));
}

TEST_F(MathBits, what_is_written_need_not_be_the_first_result) {
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

TEST_F(MathBits, a_tensor_that_is_written_twice_is_one) {
  define("twice_(Tensor(a!) x, Tensor(b!) y) -> ()", 0, [](std::span<Value> values) {
    add_one(values);
    add_one(values.subspan(1));
  });
  const Tensor x = tensor_of(DType::f32, {1}, {1}), dressed = negated(x);
  call("test::twice_", {dressed, dressed});
  EXPECT_EQ(values_of(x), Numbers{-1});
}

TEST_F(MathBits, a_kernel_that_raises_leaves_what_it_was_to_write) {
  define("raise_(Tensor(a!) x) -> Tensor(a!)", 1, [](std::span<Value> values) {
    add_one(values);
    throw Error("halfway");
  });
  const Tensor x = tensor_of(DType::f32, {2}, {1, 2});
  EXPECT_EQ(error_of("test::raise_", {negated(x)}), "halfway");
  EXPECT_EQ(values_of(x), (Numbers{1, 2}));
}

TEST_F(MathBits, views_show_the_bit) {
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
