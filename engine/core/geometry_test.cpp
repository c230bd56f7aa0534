// Moved-from objects of the types that keep a few values inside the object.
#include "engine/core/geometry.h"

#include <gtest/gtest.h>

#include "engine/core/stack.h"

namespace engine {
namespace {

// Ranks inside the object and on the heap.
constexpr size_t ranks[] = {2, 5, 6, 9};

Geometry geometry_of(size_t rank) { return {Dims(rank, 3), Dims(rank, 1)}; }

TEST(Geometry, MovedFromHasRankZero) {
  for (const size_t rank : ranks) {
    Geometry from = geometry_of(rank);
    Geometry to = std::move(from);
    EXPECT_EQ(to.sizes(), IntSpan(Dims(rank, 3)));
    EXPECT_EQ(to.strides(), IntSpan(Dims(rank, 1)));
    EXPECT_EQ(from.rank(), 0u);  // NOLINT: the subject of this test
    EXPECT_TRUE(from.strides().empty());
    from = std::move(to);
    EXPECT_EQ(from.strides(), IntSpan(Dims(rank, 1)));
    EXPECT_EQ(to.rank(), 0u);  // NOLINT: the subject of this test
    to = from;
    EXPECT_EQ(to.sizes(), from.sizes());
  }
}

TEST(Geometry, SelfMoveKeepsTheValue) {
  for (const size_t rank : ranks) {
    Geometry geometry = geometry_of(rank);
    Geometry& same = geometry;
    geometry = std::move(same);
    EXPECT_EQ(geometry.sizes(), IntSpan(Dims(rank, 3)));
  }
}

TEST(Dims, MovedFromCanBeUsedAgain) {
  for (const size_t rank : ranks) {
    Dims from(rank, 3);
    const Dims to = std::move(from);
    EXPECT_EQ(to.size(), rank);
    EXPECT_TRUE(from.empty());  // NOLINT: the subject of this test
    from.assign(rank, 7);
    EXPECT_EQ(from, Dims(rank, 7));
  }
}

TEST(Stack, MovedFromIsEmptyAndCanBeUsedAgain) {
  for (const size_t count : {3, 8, 9, 40}) {
    Stack from;
    for (size_t i = 0; i < count; ++i) from.push_back("a block of its own");
    Stack to = std::move(from);
    EXPECT_EQ(to.size(), count);
    EXPECT_TRUE(from.empty());  // NOLINT: the subject of this test
    for (size_t i = 0; i < count; ++i) from.push_back(Value(1));
    from = std::move(to);
    EXPECT_TRUE(to.empty());  // NOLINT: the subject of this test
    EXPECT_EQ(from.size(), count);
    EXPECT_EQ(from.back().string(), "a block of its own");
  }
}

}  // namespace
}  // namespace engine
