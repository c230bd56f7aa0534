#include "engine/operator_cases.h"

namespace engine::ops {

namespace {

using Numbers = std::vector<double>;

TEST(Operators, DispatchTablesHaveNoFaults) {
  Operators ops;
  EXPECT_TRUE(ops.dispatcher().table_faults().empty());
  for (const Operator& op : ops.dispatcher().operators()) EXPECT_TRUE(op.has_schema()) << op.name();
  EXPECT_GE(all_declarations().size(), 60u);
}

TEST(Operators, AddPromotesAndBroadcasts) {
  Operators ops;
  const Tensor a = tensor_of(DType::i32, {2, 1}, {1, 2});
  const Tensor b = tensor_of(DType::f16, {3}, {0.5, 1, 2});
  const Tensor sum = ops("aten::add.Tensor", {a, b}, {{"alpha", 2}});
  EXPECT_EQ(sum.dtype(), DType::f16);
  EXPECT_EQ(sum.sizes(), IntSpan({2, 3}));
  EXPECT_EQ(values_of(sum), (Numbers{2, 3, 5, 3, 4, 6}));
}

TEST(Operators, InPlaceFormWritesTheTensorAndBumpsItsVersion) {
  Operators ops;
  const Tensor a = tensor_of(DType::f32, {2}, {1, 2});
  const Tensor result = ops("aten::mul_.Tensor", {a, tensor_of(DType::f32, {2}, {3, 4})});
  EXPECT_TRUE(result.is_same(a));
  EXPECT_EQ(values_of(a), (Numbers{3, 8}));
  EXPECT_EQ(a.version(), 1u);
}

TEST(Operators, OutIsResizedAndKeepsItsStrides) {
  Operators ops;
  const Tensor a = tensor_of(DType::f32, {2, 2}, {1, 2, 3, 4});
  const Tensor out = make_tensor(DType::f64, {0});
  ops("aten::exp.out", {a}, {{"out", out}});
  EXPECT_EQ(out.sizes(), IntSpan({2, 2}));
  const Tensor wide = tensor_of(DType::f32, {4, 2}, Numbers(8, 9));
  const Tensor every_other = wide.view({2, 2}, {4, 1}, 0);
  ops("aten::neg.out", {a}, {{"out", every_other}});
  EXPECT_EQ(values_of(wide), (Numbers{-1, -2, 9, 9, -3, -4, 9, 9}));
}

TEST(Operators, ReductionsProductsAndRows) {
  Operators ops;
  const Tensor a = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  EXPECT_EQ(values_of(ops("aten::sum", {a})), (Numbers{21}));
  EXPECT_EQ(values_of(ops("aten::sum.dim_IntList", {a, Dims{0}})), (Numbers{5, 7, 9}));
  EXPECT_EQ(values_of(ops("aten::mean.dim", {a, Dims{1}, true})), (Numbers{2, 5}));
  EXPECT_EQ(values_of(ops("aten::argmax", {a, 1})), (Numbers{2, 2}));
  const Tensor t = ops("aten::t", {a});
  EXPECT_EQ(values_of(ops("aten::mm", {a, t})), (Numbers{14, 32, 32, 77}));
  EXPECT_EQ(values_of(ops("aten::matmul", {a, tensor_of(DType::f32, {3}, {1, 0, 1})})), (Numbers{4, 10}));
  const Tensor rows = ops("aten::_softmax", {tensor_of(DType::f64, {2, 2}, {0, 0, 1, 1}), 0, false});
  EXPECT_NEAR(values_of(rows)[0], 0.2689414213699951, 1e-15);
  EXPECT_EQ(values_of(ops("aten::cat", {std::vector<Tensor>{a, a}, 1})).size(), 12u);
}

TEST(Operators, IndexingAndScattering) {
  Operators ops;
  const auto numbers = [](IntSpan sizes, const Numbers& values) {
    return tensor_of(DType::i64, sizes, values);
  };
  const Tensor a = tensor_of(DType::f32, {2, 3}, {1, 2, 3, 4, 5, 6});
  const Tensor some = numbers({1, 3}, {1, 0, 1});
  EXPECT_EQ(values_of(ops("aten::scatter_add", {a, 0, some, a})), (Numbers{1, 4, 3, 5, 5, 9}));
  const Tensor twice = ops("aten::scatter_add", {tensor_of(DType::i8, {2}, {100, 0}), 0, numbers({2}, {0, 0}),
                                                 tensor_of(DType::i8, {3}, {100, 1, 7})});
  EXPECT_EQ(values_of(twice), (Numbers{100 + 100 + 1 - 256, 0}));
  const auto index = [&](std::vector<std::optional<Tensor>> list) {
    return ops("aten::index.Tensor", {a, list});
  };
  EXPECT_EQ(values_of(index({numbers({2}, {1, -2})})), (Numbers{4, 5, 6, 1, 2, 3}));
  EXPECT_EQ(values_of(index({std::nullopt, numbers({1}, {2})})), (Numbers{3, 6}));
  EXPECT_EQ(values_of(index({numbers({2, 1}, {0, 1}), numbers({2}, {0, 2})})), (Numbers{1, 3, 4, 6}));
  EXPECT_THROW(index({numbers({1}, {2})}), Error);
}

TEST(Operators, PowersRemaindersScansAndRanges) {
  Operators ops;
  const Tensor reals = tensor_of(DType::f64, {3}, {-2, 4, 0}),
               numbers = tensor_of(DType::i32, {3}, {-2, 3, 1});
  EXPECT_EQ(values_of(ops("aten::pow.Tensor_Scalar", {reals, 2})), (Numbers{4, 16, 0}));
  EXPECT_EQ(values_of(ops("aten::pow.Tensor_Tensor", {numbers, numbers})), (Numbers{0, 27, 1}));
  EXPECT_THROW(ops("aten::pow.Tensor_Scalar", {numbers, -1}), Error);
  EXPECT_EQ(values_of(ops("aten::remainder.Scalar", {numbers, 5})), (Numbers{3, 3, 1}));
  EXPECT_EQ(values_of(ops("aten::remainder.Scalar", {reals, -3})), (Numbers{-2, -2, 0}));
  EXPECT_THROW(ops("aten::remainder.Scalar", {numbers, 0}), Error);
  EXPECT_EQ(values_of(ops("aten::cumsum", {numbers, 0})), (Numbers{-2, 1, 2}));
  EXPECT_EQ(ops("aten::cumsum", {numbers, 0}).dtype(), DType::i64);
  EXPECT_EQ(values_of(ops("aten::arange", {3})), (Numbers{0, 1, 2}));
  EXPECT_EQ(values_of(ops("aten::arange.start_step", {1, -1, -0.75})), (Numbers{1, 0.25, -0.5}));
  EXPECT_THROW(ops("aten::arange.start", {1, 0}), Error);
}

TEST(Operators, MetaPlansTheResult) {
  Operators ops;
  const Tensor a = make_tensor(DType::f32, {4, 1}, DeviceType::meta);
  const Tensor sum = ops("aten::add.Tensor", {a, make_tensor(DType::i64, {3}, DeviceType::meta)});
  EXPECT_TRUE(sum.is_meta());
  EXPECT_EQ(sum.sizes(), IntSpan({4, 3}));
  EXPECT_TRUE(ops("aten::empty.memory_format", {Dims{2}}, {{"device", Device(DeviceType::meta)}}).is_meta());
}

}  // namespace

}  // namespace engine::ops
