#include "engine/fake/shapes/symbolic_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/dispatch/schema_parser.h"
#include "engine/fake/fake_mode.h"
#include "engine/fake/shapes/shape_env.h"
#include "engine/operator_cases.h"

namespace engine::fake {
namespace {

using ops::Operators;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Symbolic : testing::Test {
  Operators op;
  ShapeEnv env;
  FakeMode mode{{.shapes = &env}};

  Tensor fake(IntSpan sizes) { return mode.fake_of(make_tensor(DType::f32, sizes)); }
  static std::string sizes(const Tensor& tensor) { return to_string(Value(sym_sizes(tensor))); }
  static std::string strides(const Tensor& tensor) { return to_string(Value(sym_strides(tensor))); }
};

TEST_F(Symbolic, SizesOfResultsAreExpressions) {
  const Tensor a = fake({5, 3}), b = fake({3, 7});
  const Tensor product = op("aten::mm", {a, b});
  EXPECT_EQ(sizes(product), "[s0, s2]");
  EXPECT_EQ(strides(product), "[s2, 1]");
  EXPECT_EQ(sizes(op("aten::cat", {std::vector<Tensor>{a, a}, 0})), "[2*s0, s1]");
  EXPECT_EQ(sizes(op("aten::sum.dim_IntList", {a, Dims{0}, true})), "[1, s1]");
  EXPECT_EQ(strides(op("aten::transpose.int", {a, 0, 1})), "[1, s1]");
  EXPECT_EQ(strides(op("aten::exp", {op("aten::transpose.int", {a, 0, 1})})), "[1, s1]");
  EXPECT_EQ(sizes(op("aten::reshape", {a, Dims{-1}})), "[s0*s1]");
  EXPECT_EQ(sizes(op("aten::slice.Tensor", {a, 0, 1, INT64_MAX, 1})), "[s0 - 1, s1]");
  EXPECT_EQ(sizes(op("aten::slice.Tensor", {a, 0, INT64_MIN, INT64_MAX, INT64_MAX})), "[1, s1]");
  EXPECT_EQ(sizes(op("aten::matmul", {op("aten::expand", {a, Dims{4, -1, -1}}), b})), "[4, s0, s2]");
  EXPECT_THAT(env.guards(), IsEmpty());
}

TEST_F(Symbolic, BroadcastingRecordsWhatItUsed) {
  ShapeEnv free({.duck = false});
  FakeMode without_ducks({.shapes = &free});
  const Tensor a = without_ducks.fake_of(make_tensor(DType::f32, {5})),
               b = without_ducks.fake_of(make_tensor(DType::f32, {5}));
  op("aten::add.Tensor", {a, b});
  EXPECT_THAT(free.guard_texts(), ElementsAre("s0 == s1"));
}

TEST_F(Symbolic, SymbolsAreArguments) {
  const Tensor a = fake({6, 4});
  const SymInt n = sym_sizes(a)[0];
  EXPECT_EQ(sizes(op("aten::view", {a, Value(SymDims{n * SymInt(2), SymInt(-1)})})),
            "[2*s0, (s0*s1 // 2*s0)]");
  EXPECT_EQ(sizes(op("aten::expand", {fake({1}), Value(SymDims{n, SymInt(3)})})), "[s0, 3]");
  {
    const UseFakeMode in_force(mode);
    EXPECT_EQ(sizes(op("aten::zeros", {Value(SymDims{n, SymInt(3)})})), "[s0, 3]");
  }
}

TEST_F(Symbolic, OperatorWithoutARuleIsRunForOneSize) {
  const Tensor a = fake({4, 4});
  const Tensor made = op("aten::as_strided", {a, Dims{4}, Dims{5}});
  EXPECT_EQ(sizes(made), "[4]");
  EXPECT_THAT(env.guard_texts(), ElementsAre("s0 == 4"));
  EXPECT_EQ(sizes(op("aten::exp", {a})), "[4, 4]");
}

// What was derived for one batch is what the engine computes for another, if the guards hold.
TEST_F(Symbolic, ResultsHoldForOtherSizesIfTheGuardsDo) {
  const auto program = [&](const Tensor& x, const Tensor& w) {
    const Tensor y = op("aten::matmul", {x, w});
    const Tensor z = op("aten::reshape", {y, Dims{-1, 2}});
    return op("aten::add.Tensor", {op("aten::transpose.int", {z, 0, 1}), op("aten::amax", {y})});
  };
  const Tensor x = fake({3, 5, 8}), w = fake({8, 6});
  const Tensor traced = program(x, w);
  const GuardSet guards = env.guard_set();
  for (const int64_t batch : {2, 4, 9}) {
    const std::vector inputs{make_tensor(DType::f32, {batch, 5, 8}), make_tensor(DType::f32, {8, 6})};
    ASSERT_TRUE(guards.hold_for(inputs)) << batch;
    const Tensor real = program(inputs[0], inputs[1]);
    for (size_t d = 0; d < real.rank(); ++d) {
      EXPECT_EQ(env.value_for(sym_sizes(traced)[d], inputs), real.size(d));
      EXPECT_EQ(env.value_for(sym_strides(traced)[d], inputs), real.stride(d));
    }
  }
  EXPECT_FALSE(
      guards.hold_for(std::vector{make_tensor(DType::f32, {1, 5, 8}), make_tensor(DType::f32, {8, 6})}));
}

TEST_F(Symbolic, ElementsAreUnbackedSymbols) {
  const Tensor a = mode.fake_of(make_tensor(DType::i64, {}));
  const Value one = op.all("aten::_local_scalar_dense", {a}).back();
  ASSERT_TRUE(one.has_symbols());
  EXPECT_EQ(to_string(one), to_string(op.all("aten::_local_scalar_dense", {a}).back()));
  op("aten::add_.Scalar", {a, 1});
  const Value other = op.all("aten::_local_scalar_dense", {a}).back();
  EXPECT_NE(to_string(one), to_string(other)) << "written";
  env.advance_epoch();
  EXPECT_NE(to_string(other), to_string(op.all("aten::_local_scalar_dense", {a}).back()));
  EXPECT_THROW(static_cast<void>(other.integer()), NeedsNumber);
  EXPECT_THROW(op.all("aten::_local_scalar_dense", {mode.fake_of(make_tensor(DType::f32, {}))}), NeedsData);
}

TEST_F(Symbolic, StrideOfASingleElementIsNotGuarded) {
  const Tensor odd = mode.fake_of(make_strided_tensor(DType::f32, {5, 1}, {2, 10}));
  EXPECT_EQ(sizes(op("aten::exp", {odd})), "[s0, 1]");
  EXPECT_THAT(env.guards(), IsEmpty());
}

TEST_F(Symbolic, NumbersOfChosenElementsAreUnbackedSymbols) {
  const Tensor a = fake({3, 4}), mask = mode.fake_of(make_tensor(DType::b8, {3, 4}));
  const Tensor places = op("aten::nonzero", {mask});
  EXPECT_TRUE(mode.is_fake(places));
  EXPECT_EQ(sizes(places), "[u2, 2]");
  EXPECT_EQ(strides(places), "[1, u2]");
  EXPECT_EQ(sizes(op("aten::masked_select", {a, mask})), "[u2]") << "the same elements of the same mask";
  EXPECT_EQ(sizes(op("aten::exp", {op("aten::masked_select", {a, mask})})), "[u2]");
  op("aten::zero_", {mask});
  EXPECT_EQ(sizes(op("aten::nonzero", {mask})), "[u3, 2]");
  EXPECT_EQ(sizes(op("aten::nonzero", {fake({0, 4})})), "[0, 2]");
  EXPECT_FALSE(sym_sizes(places)[0] < SymInt(0));
  EXPECT_FALSE(sym_sizes(places)[0] > SymInt(12));
  EXPECT_THROW(op("aten::view", {places, Dims{4}}), NeedsNumber);
  EXPECT_THAT(env.guards(), IsEmpty());
}

TEST_F(Symbolic, IndexByAMaskHasAnUnbackedSize) {
  const auto index = [&](const Tensor& self, std::vector<std::optional<Tensor>> list) {
    return op("aten::index.Tensor", {self, std::move(list)});
  };
  const Tensor a = fake({3, 4}), mask = mode.fake_of(make_tensor(DType::b8, {3}));
  const Tensor chosen = index(a, {mask});
  EXPECT_TRUE(mode.is_fake(chosen));
  EXPECT_EQ(sizes(chosen), "[u2, s1]");
  EXPECT_EQ(sizes(index(a, {mode.fake_of(make_tensor(DType::b8, {3, 4}))})), "[u3]");
  EXPECT_EQ(sizes(index(a, {std::nullopt, mode.fake_of(make_tensor(DType::b8, {4}))})), "[s0, u4]");
  EXPECT_EQ(sizes(op("aten::sum.dim_IntList", {index(a, {mask}), Dims{0}})), "[s1]");
  EXPECT_THROW(index(a, {mode.fake_of(make_tensor(DType::b8, {4}))}), Error) << "does not fit";
}

TEST_F(Symbolic, IndexByIntegersKeepsSymbols) {
  const Tensor a = fake({3, 4}), rows = mode.fake_of(make_tensor(DType::i64, {5}));
  EXPECT_EQ(sizes(op("aten::index.Tensor", {a, std::vector<std::optional<Tensor>>{rows}})), "[s2, s1]");
  EXPECT_EQ(sizes(op("aten::index.Tensor", {a, std::vector<std::optional<Tensor>>{std::nullopt, rows}})),
            "[s0, s2]");
  EXPECT_THAT(env.guards(), IsEmpty());
}

TEST_F(Symbolic, DiagonalsAndUnboundSlicesKeepOtherSymbols) {
  const Tensor a = fake({3, 4});
  const Tensor diagonal = op("aten::diagonal", {a, 1});
  EXPECT_EQ(sizes(diagonal), "[min(s0, s1 - 1)]");
  EXPECT_EQ(strides(diagonal), "[s1 + 1]");
  Stack slices = op.all("aten::unbind.int", {a, 0});
  ASSERT_EQ(slices.back().tensors().size(), 3u);
  EXPECT_EQ(sizes(slices.back().tensors()[2]), "[s1]");
  EXPECT_EQ(to_string(sym_offset(slices.back().tensors()[2])), "2*s1");
}

TEST_F(Symbolic, OutThatFitsIsGuardedToFit) {
  ShapeEnv free({.duck = false});
  FakeMode without_ducks({.shapes = &free});
  const auto input = [&] { return without_ducks.fake_of(make_tensor(DType::f32, {5})); };
  const Tensor a = input(), out = input();
  EXPECT_EQ(sizes(op("aten::exp.out", {a}, {{"out", out}})), "[s0]") << "the older symbol";
  EXPECT_THAT(free.guard_texts(), ElementsAre("s1 == s0"));
}

TEST_F(Symbolic, OutThatDoesNotFitGetsTheSizesOfTheResult) {
  const Tensor a = fake({5, 3}), out = fake({0});
  op("aten::exp.out", {a}, {{"out", out}});
  EXPECT_EQ(sizes(out), "[s0, s1]");
  EXPECT_EQ(strides(out), "[s1, 1]");
  EXPECT_THAT(env.guards(), IsEmpty());
}

TEST_F(Symbolic, ErrorsAreThoseOfTheNumbers) {
  EXPECT_THROW(op("aten::mm", {fake({5, 3}), fake({5, 3})}), Error);
  EXPECT_THROW(op("aten::view", {fake({5, 3}), Dims{4, 4}}), Error);
}

}  // namespace
}  // namespace engine::fake
