// What in-place and out= forms do beyond computing: resize, refuse, keep what is around.
#include "engine/operator_cases.h"

namespace engine::ops {

namespace {

using Numbers = std::vector<double>;

std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(Forms, a_view_of_self_that_overlaps_partly_is_refused) {
  Operators ops;
  const Tensor base = tensor_of(DType::f32, {4}, {1, 2, 3, 4});
  const Tensor low = base.view({3}, {1}, 0), high = base.view({3}, {1}, 1);
  EXPECT_NE(error_of([&] { ops("aten::add_.Tensor", {low, high}); }).find("single memory location"),
            std::string::npos);
  EXPECT_EQ(values_of(base), (Numbers{1, 2, 3, 4}));
  EXPECT_EQ(base.version(), 0u);
}

TEST(Forms, an_expanded_tensor_is_not_written) {
  Operators ops;
  const Tensor expanded = tensor_of(DType::f32, {1}, {1}).view({3}, {0}, 0);
  EXPECT_NE(error_of([&] { ops("aten::neg_", {expanded}); }).find("more than one element"),
            std::string::npos);
  EXPECT_NE(error_of([&] { ops("aten::copy_", {expanded, expanded}); }).find("more than one element"),
            std::string::npos);
}

TEST(Forms, self_itself_and_its_transpose_are_read_before_they_are_written) {
  Operators ops;
  const Tensor a = tensor_of(DType::f32, {2, 2}, {1, 2, 3, 4});
  ops("aten::mul_.Tensor", {a, a});
  EXPECT_EQ(values_of(a), (Numbers{1, 4, 9, 16}));
  const Tensor b = tensor_of(DType::f32, {2, 2}, {1, 2, 3, 4});
  ops("aten::mm.out", {b, b}, {{"out", b}});
  EXPECT_EQ(values_of(b), (Numbers{7, 10, 15, 22}));
}

TEST(Forms, results_must_be_castable_and_in_place_sizes_stay) {
  Operators ops;
  const Tensor whole = tensor_of(DType::i32, {2}, {1, 2}), real = tensor_of(DType::f32, {2}, {1, 2});
  EXPECT_NE(error_of([&] { ops("aten::add_.Tensor", {whole, real}); }).find("can't be cast"),
            std::string::npos);
  const Tensor row = tensor_of(DType::f32, {1, 2}, {1, 2}), column = tensor_of(DType::f32, {2, 1}, {1, 2});
  EXPECT_NE(error_of([&] { ops("aten::add_.Tensor", {row, column}); }).find("broadcast shape"),
            std::string::npos);
}

TEST(Forms, RaisingCallGivesItsOutItsSizesBack) {
  Operators ops;
  const Tensor self = tensor_of(DType::f32, {2}, {1, 2}), beyond = tensor_of(DType::i64, {3}, {0, 1, 2});
  const Tensor out = tensor_of(DType::f32, {2, 1}, {7, 8});
  EXPECT_NE(error_of([&] { ops("aten::index_select.out", {self, 0, beyond}, {{"out", out}}); }), "");
  EXPECT_EQ(out.sizes(), (Dims{2, 1}));
  EXPECT_EQ(values_of(out), (Numbers{7, 8}));
  ops("aten::index_select.out", {self, 0, tensor_of(DType::i64, {3}, {0, 1, 1})}, {{"out", out}});
  EXPECT_EQ(values_of(out), (Numbers{1, 2, 2}));
}

TEST(Forms, out_is_cast_through_the_results_dtype) {
  Operators ops;
  const Tensor a = tensor_of(DType::f16, {1}, {2049});  // 2048 in f16
  const Tensor out = make_tensor(DType::f64, {1});
  ops("aten::add.out", {a, tensor_of(DType::f16, {1}, {1})}, {{"out", out}});
  EXPECT_EQ(values_of(out), (Numbers{2048}));
}

TEST(Forms, an_out_that_grows_over_what_is_read_is_written_last) {
  Operators ops;
  const Tensor base = tensor_of(DType::i32, {4, 1}, {1, 2, 3, 4});
  const Tensor out = base.view({0}, {1}, 1);
  ops("aten::triu.out", {base, -2}, {{"out", out}});
  EXPECT_EQ(values_of(out), (Numbers{1, 2, 3, 0}));
}

// ... and count as writes, as every in-place call does.
TEST(Forms, in_place_views_change_the_geometry_alone) {
  Operators ops;
  const Tensor a = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(ops("aten::transpose_", {a, 0, 1}).is_same(a));
  EXPECT_EQ(a.sizes(), IntSpan({3, 2}));
  EXPECT_EQ(a.strides(), IntSpan({1, 3}));
  EXPECT_EQ(a.version(), 1u);
}

TEST(Forms, copies_see_through_lazy_bits_on_both_sides) {
  Operators ops;
  const Tensor bytes = tensor_of(DType::u8, {2}, {1, 2});
  const Tensor lazy = ops("aten::_neg_view", {bytes});
  EXPECT_EQ(values_of(ops("aten::_to_copy", {lazy}, {{"dtype", DType::i64}})), (Numbers{255, 254}));
  const Tensor target = make_tensor(DType::f32, {2});
  ops("aten::copy_", {ops("aten::_neg_view", {target}), tensor_of(DType::f32, {2}, {3, -4})});
  EXPECT_EQ(values_of(target), (Numbers{-3, 4}));
  EXPECT_EQ(values_of(ops("aten::clone", {make_zero_tensor(DType::f32, {2})})), (Numbers{0, 0}));
}

}  // namespace

}  // namespace engine::ops
