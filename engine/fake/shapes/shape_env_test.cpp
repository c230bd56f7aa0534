#include "engine/fake/shapes/shape_env.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace engine::fake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Tensor meta(IntSpan sizes) { return make_tensor(DType::f32, sizes, DeviceType::meta); }

TEST(Polynomial, EqualExpressionsAreEqual) {
  const Polynomial x = Polynomial::of(0), y = Polynomial::of(1);
  EXPECT_EQ((x + y) * (x + y), x * x + Polynomial(2) * y * x + y * y);
  EXPECT_EQ((x - x).number(), 0);
  EXPECT_EQ(((x + y) * (x - y)).divided_by(x - y), x + y);
  EXPECT_EQ((Polynomial(6) * x * y).divided_by(Polynomial(2) * y), Polynomial(3) * x);
  EXPECT_FALSE((Polynomial(6) * x + y).divided_by(Polynomial(2)));
  EXPECT_FALSE(x.divided_by(y));
  EXPECT_THROW(Polynomial(INT64_MAX) * Polynomial(2), Error);
}

TEST(ShapeEnv, EqualSizesAreOneSymbolAndZeroAndOneAreNumbers) {
  ShapeEnv env;
  const ShapeEnv::Input a = env.add_input(meta({5, 1, 7})), b = env.add_input(meta({7, 5, 0}));
  EXPECT_EQ(to_string(a.sizes[0]), "s0");
  EXPECT_FALSE(a.sizes[1].is_symbol());
  EXPECT_FALSE(b.sizes[2].is_symbol());
  EXPECT_EQ(to_string(b.sizes[0]), "s1");
  EXPECT_EQ(to_string(a.strides[0]), "s1");
  EXPECT_TRUE(a.sizes[0] == b.sizes[1]);
  EXPECT_THAT(env.guards(), IsEmpty());
  ShapeEnv without({.duck = false});
  const ShapeEnv::Input c = without.add_input(meta({5, 5}));
  EXPECT_TRUE(c.sizes[0] == c.sizes[1]);
  EXPECT_THAT(without.guard_texts(), ElementsAre("s0 == s1"));
}

TEST(ShapeEnv, RangesDecideComparisonsWithoutGuards) {
  ShapeEnv env;
  const SymInt s = env.add_input(meta({5})).sizes[0];
  EXPECT_FALSE(s == SymInt(1));
  EXPECT_FALSE(s < SymInt(2));
  EXPECT_TRUE(s * s > SymInt(3));
  EXPECT_FALSE(s * SymInt(2) == SymInt(9)) << "an even number";
  EXPECT_THAT(env.guards(), IsEmpty());
  EXPECT_TRUE(s < SymInt(10));
  EXPECT_TRUE(s < SymInt(11)) << "follows from the one before";
  EXPECT_THAT(env.guard_texts(), ElementsAre("10 > s0"));
}

TEST(ShapeEnv, EqualityReplacesTheNewerSymbol) {
  ShapeEnv env;
  const ShapeEnv::Input in = env.add_input(meta({6, 3}));
  EXPECT_TRUE(in.sizes[0] == in.sizes[1] * SymInt(2));
  EXPECT_EQ(to_string(in.sizes[0] + SymInt(1)), "2*s1 + 1");
  EXPECT_TRUE(in.sizes[0] == in.sizes[1] + in.sizes[1]);
  EXPECT_EQ(env.guards().size(), 1u);
  EXPECT_EQ(in.sizes[1].specialized(), 3);
  EXPECT_FALSE((in.sizes[0] * SymInt(1)).is_symbol()) << "follows from s1 == 3";
}

TEST(ShapeEnv, ExactQuotientsHaveNoRounding) {
  ShapeEnv env;
  const ShapeEnv::Input in = env.add_input(meta({6, 4}));
  const SymInt &n = in.sizes[0], &m = in.sizes[1];
  EXPECT_EQ(to_string(n * m * SymInt(6) / (m * SymInt(3))), "2*s0");
  EXPECT_EQ(to_string(n / SymInt(4)), "(s0 // 4)");
  EXPECT_EQ((n / SymInt(4)).hint(), 1);
  EXPECT_FALSE((n * m % m).is_symbol());
  EXPECT_EQ(to_string(min(n, n + SymInt(1))), "s0");
  EXPECT_EQ(to_string(SymInt(1) / n), "0") << "a size is at least 2";
  EXPECT_THROW(n / SymInt(0), Error);
}

TEST(ShapeEnv, GuardsHoldForExactlyTheSizesThatWouldGiveTheSameAnswers) {
  ShapeEnv env;
  const ShapeEnv::Input a = env.add_input(meta({6, 4})), b = env.add_input(meta({6}));
  EXPECT_TRUE(a.sizes[0] % SymInt(2) == SymInt(0));
  EXPECT_FALSE(a.sizes[1] == SymInt(9));
  const GuardSet guards = env.guard_set();
  EXPECT_TRUE(guards.hold_for(std::vector{meta({8, 5}), meta({8})}));
  EXPECT_FALSE(guards.hold_for(std::vector{meta({7, 5}), meta({7})})) << "odd";
  EXPECT_FALSE(guards.hold_for(std::vector{meta({8, 9}), meta({8})})) << "the size that was unequal";
  EXPECT_FALSE(guards.hold_for(std::vector{meta({8, 5}), meta({6})})) << "one symbol";
  EXPECT_FALSE(guards.hold_for(std::vector{meta({8, 1}), meta({8})})) << "a size of 1 was a number";
  EXPECT_FALSE(guards.hold_for(std::vector{meta({8, 5}), meta({8, 1})})) << "another rank";
  EXPECT_EQ(env.value_for(a.sizes[0] * a.sizes[1] / SymInt(4), std::vector{meta({8, 5}), meta({8})}), 10);
  EXPECT_THROW(env.value_for(a.sizes[0], std::vector{meta({7, 5}), meta({7})}), Error);
}

TEST(ShapeEnv, UnbackedSymbolsDecideNothing) {
  ShapeEnv env;
  const SymInt u = env.unbacked(0, 12);
  EXPECT_TRUE(u < SymInt(13));
  EXPECT_TRUE(u == u);
  EXPECT_THROW(static_cast<void>(u == SymInt(7)), NeedsNumber);
  EXPECT_THROW(static_cast<void>(u < SymInt(5)), NeedsNumber);
  EXPECT_THROW((u * SymInt(2)).specialized(), NeedsNumber);
  EXPECT_THAT(env.guards(), IsEmpty());
}

}  // namespace
}  // namespace engine::fake
