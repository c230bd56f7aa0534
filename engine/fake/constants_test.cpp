#include "engine/fake/constants.h"

#include <gtest/gtest.h>

#include "engine/fake/fake_mode.h"
#include "engine/operator_cases.h"

namespace engine::fake {
namespace {

using ops::Operators;

struct Constants : testing::Test {
  Operators op;
  FakeMode mode;

  Tensor lifted(double value, IntSpan sizes = {}) {
    return mode.lift(ops::tensor_of(DType::f64, sizes, {value}));
  }
  double item(const Tensor& fake) { return op.all("aten::_local_scalar_dense", {fake}).back().real(); }
};

TEST_F(Constants, ItemOfALiftedNumberIsTheNumber) {
  const Tensor real = ops::tensor_of(DType::f64, {}, {3});
  const Tensor fake = mode.lift(real);
  op("aten::zero_", {real});
  EXPECT_EQ(item(fake), 3) << "the constant is a copy";
  EXPECT_THROW(item(mode.fake_of(real)), NeedsData);
  EXPECT_FALSE(constant_of(mode.lift(ops::tensor_of(DType::f64, {2}, {1, 2}))).defined());
}

TEST_F(Constants, CallsOfConstantsHaveConstants) {
  const Tensor sum = op("aten::add.Tensor", {lifted(3), lifted(4)});
  EXPECT_TRUE(mode.is_fake(sum));
  EXPECT_EQ(item(sum), 7);
  EXPECT_EQ(item(op("aten::exp", {op("aten::sub.Tensor", {sum, lifted(7)})})), 1);
  EXPECT_THROW(item(op("aten::add.Tensor", {sum, mode.fake_of(make_tensor(DType::f64, {}))})), NeedsData);
  EXPECT_FALSE(constant_of(op("aten::expand", {sum, Dims{4}})).defined());
  EXPECT_TRUE(op.all("aten::equal", {sum, lifted(7)}).back().boolean());
}

TEST_F(Constants, WritesOfConstantsAreSeenThroughEveryAlias) {
  const Tensor fake = lifted(3, {1});
  const Tensor view = op("aten::view", {fake, Dims{1, 1}});
  op("aten::add_.Tensor", {view, lifted(2)});
  EXPECT_EQ(item(fake), 5);
  EXPECT_EQ(item(view), 5);
  EXPECT_EQ(item(op("aten::select.int", {fake, 0, 0})), 5);
}

TEST_F(Constants, UnknownWriteEndsTheConstantsOfEveryAlias) {
  const Tensor fake = lifted(3, {1});
  const Tensor view = op("aten::view", {fake, Dims{1, 1}});
  const Tensor many = op("aten::expand", {view, Dims{2, 1}});
  op("aten::add_.Tensor", {view, mode.fake_of(make_tensor(DType::f64, {}))});
  EXPECT_THROW(item(view), NeedsData);
  EXPECT_THROW(item(fake), NeedsData);
  EXPECT_THROW(item(op("aten::select.int", {fake, 0, 0})), NeedsData);
  op("aten::fill_.Scalar", {fake, 1});
  EXPECT_THROW(item(view), NeedsData) << "never an old value";
}

TEST_F(Constants, FailedWriteEndsTheConstant) {
  const Tensor whole = mode.lift(ops::tensor_of(DType::i64, {1}, {3}));
  const Tensor zero = mode.lift(ops::tensor_of(DType::i64, {1}, {0}));
  EXPECT_EQ(op.all("aten::_local_scalar_dense", {whole}).back().integer(), 3);
  EXPECT_THROW(op("aten::index_select", {whole, 0, mode.lift(ops::tensor_of(DType::i64, {1}, {5}))}), Error)
      << "the real call raises";
  EXPECT_EQ(op.all("aten::_local_scalar_dense", {zero}).back().integer(), 0);
}

TEST_F(Constants, OutThatGrowsHasNone) {
  const Tensor out = lifted(3, {1});
  op("aten::exp.out", {lifted(0, {1})}, {{"out", Value(out)}});
  EXPECT_EQ(item(out), 1);
  op("aten::exp.out", {mode.fake_of(make_tensor(DType::f64, {2}))}, {{"out", Value(out)}});
  EXPECT_FALSE(constant_of(out).defined());
}

TEST_F(Constants, NothingIsKeptAlive) {
  const Tensor real = ops::tensor_of(DType::f64, {1}, {3});
  Tensor fake = mode.lift(real);
  const Storage own = constant_of(fake).storage();
  const Tensor view = op("aten::view", {fake, Dims{1, 1}});
  EXPECT_EQ(constant_of(view).storage(), own);
  fake = Tensor();
  EXPECT_TRUE(constant_of(view).defined());
  EXPECT_EQ(real.storage()->use_count(), 1u);
}

}  // namespace
}  // namespace engine::fake
