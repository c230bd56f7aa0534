// In-place and out= forms: resizing, refusing, and elements around a written view.
#include <gmock/gmock.h>

#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/operator_cases.h"

namespace engine::ops {

namespace {

using Numbers = std::vector<double>;

using testing::HasSubstr;

TEST(Forms, PartialOverlapWithAnArgumentIsRefused) {
  Operators ops;
  const Tensor base = tensor_of(DType::f32, {4}, {1, 2, 3, 4});
  const Tensor low = base.view({3}, {1}, 0), high = base.view({3}, {1}, 1);
  EXPECT_THAT(error_of([&] { ops("aten::add_.Tensor", {low, high}); }), HasSubstr("single memory location"));
  EXPECT_EQ(values_of(base), (Numbers{1, 2, 3, 4}));
  EXPECT_EQ(base.version(), 0u);
}

TEST(Forms, ExpandedTensorIsNotWritten) {
  Operators ops;
  const Tensor expanded = tensor_of(DType::f32, {1}, {1}).view({3}, {0}, 0);
  EXPECT_THAT(error_of([&] { ops("aten::neg_", {expanded}); }), HasSubstr("more than one element"));
  EXPECT_THAT(error_of([&] { ops("aten::copy_", {expanded, expanded}); }),
              HasSubstr("more than one element"));
}

TEST(Forms, ArgumentsAreReadBeforeTheyAreWritten) {
  Operators ops;
  const Tensor a = tensor_of(DType::f32, {2, 2}, {1, 2, 3, 4});
  ops("aten::mul_.Tensor", {a, a});
  EXPECT_EQ(values_of(a), (Numbers{1, 4, 9, 16}));
  const Tensor b = tensor_of(DType::f32, {2, 2}, {1, 2, 3, 4});
  ops("aten::mm.out", {b, b}, {{"out", b}});
  EXPECT_EQ(values_of(b), (Numbers{7, 10, 15, 22}));
}

TEST(Forms, ResultThatDoesNotFitTheWrittenTensorIsRefused) {
  Operators ops;
  const Tensor whole = tensor_of(DType::i32, {2}, {1, 2}), real = tensor_of(DType::f32, {2}, {1, 2});
  EXPECT_THAT(error_of([&] { ops("aten::add_.Tensor", {whole, real}); }), HasSubstr("can't be cast"));
  const Tensor row = tensor_of(DType::f32, {1, 2}, {1, 2}), column = tensor_of(DType::f32, {2, 1}, {1, 2});
  EXPECT_THAT(error_of([&] { ops("aten::add_.Tensor", {row, column}); }), HasSubstr("broadcast shape"));
}

TEST(Forms, RaisingCallRestoresTheSizesOfItsOut) {
  Operators ops;
  const Tensor self = tensor_of(DType::f32, {2}, {1, 2}), beyond = tensor_of(DType::i64, {3}, {0, 1, 2});
  const Tensor out = tensor_of(DType::f32, {2, 1}, {7, 8});
  EXPECT_THROW(ops("aten::index_select.out", {self, 0, beyond}, {{"out", out}}), Error);
  EXPECT_EQ(out.sizes(), (Dims{2, 1}));
  EXPECT_EQ(values_of(out), (Numbers{7, 8}));
  ops("aten::index_select.out", {self, 0, tensor_of(DType::i64, {3}, {0, 1, 1})}, {{"out", out}});
  EXPECT_EQ(values_of(out), (Numbers{1, 2, 2}));
}

TEST(Forms, OutIsCastFromTheResultsDtype) {
  Operators ops;
  const Tensor a = tensor_of(DType::f16, {1}, {2049});  // 2048 in f16
  const Tensor out = make_tensor(DType::f64, {1});
  ops("aten::add.out", {a, tensor_of(DType::f16, {1}, {1})}, {{"out", out}});
  EXPECT_EQ(values_of(out), (Numbers{2048}));
}

TEST(Forms, OutThatGrowsOverAnArgumentIsWrittenLast) {
  Operators ops;
  const Tensor base = tensor_of(DType::i32, {4, 1}, {1, 2, 3, 4});
  const Tensor out = base.view({0}, {1}, 1);
  ops("aten::triu.out", {base, -2}, {{"out", out}});
  EXPECT_EQ(values_of(out), (Numbers{1, 2, 3, 0}));
}

TEST(Forms, InPlaceViewChangesGeometryAndVersion) {
  Operators ops;
  const Tensor a = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_TRUE(ops("aten::transpose_", {a, 0, 1}).is_same(a));
  EXPECT_EQ(a.sizes(), IntSpan({3, 2}));
  EXPECT_EQ(a.strides(), IntSpan({1, 3}));
  EXPECT_EQ(a.version(), 1u);
}

TEST(Forms, CopiesResolveLazyBitsOfBothSides) {
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
