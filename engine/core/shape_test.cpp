#include "engine/core/shape.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <limits>
#include <set>

namespace engine {
namespace {

constexpr int64_t most = std::numeric_limits<int64_t>::max();

struct View {
  Dims sizes, strides;
  int64_t offset = 0;
};

// Small views of any kind: empty, expanded, overlapping, with negative strides.
View any_view() {
  View view;
  const size_t rank = *rc::gen::inRange<size_t>(0, 5);
  for (size_t d = 0; d < rank; ++d) {
    view.sizes.push_back(*rc::gen::inRange<int64_t>(0, 5));
    view.strides.push_back(*rc::gen::inRange<int64_t>(-7, 13));
  }
  view.offset = *rc::gen::inRange<int64_t>(-3, 40);
  return view;
}

std::vector<int64_t> positions_of(const View& view) {
  std::vector<int64_t> positions;
  for_each_position(view.sizes, view.strides, view.offset, [&](int64_t at) { positions.push_back(at); });
  return positions;
}

TEST(Shape, CountsElements) {
  EXPECT_EQ(element_count({}), 1);
  EXPECT_EQ(element_count({3, 4}), 12);
  EXPECT_EQ(element_count({most, 0, most}), 0);
  EXPECT_EQ(element_count({-1, 2}), 0);
  EXPECT_EQ(element_count({most, 2}), most);
  EXPECT_EQ(element_count({int64_t{1} << 32, int64_t{1} << 32, 3}), most);
}

TEST(Shape, StridesOfEmptyDimensionsCountAsOne) {
  EXPECT_EQ(contiguous_strides({2, 0, 3}), (Dims{3, 3, 1}));
  EXPECT_EQ(contiguous_strides({2, 1, 3}), (Dims{3, 3, 1}));
  EXPECT_EQ(contiguous_strides({}), Dims{});
}

TEST(Shape, StridesOfSizeOneAndEmptyViewsDoNotMatterForContiguity) {
  EXPECT_TRUE(is_contiguous({2, 1, 3}, {3, 99, 1}));
  EXPECT_TRUE(is_contiguous({0, 5}, {7, 7}));
  EXPECT_FALSE(is_contiguous({2, 3}, {1, 2}));
  EXPECT_FALSE(is_contiguous({2, 2}, {0, 1}));
}

TEST(Shape, ExtentsSaturate) {
  EXPECT_FALSE(fits({most, most}, {most, most}, 0, most));
  EXPECT_FALSE(fits({3}, {most}, 1, most));
  EXPECT_FALSE(fits({3}, {std::numeric_limits<int64_t>::min()}, 1, most));
  EXPECT_TRUE(may_overlap({3, 3}, {std::numeric_limits<int64_t>::min(), most}));
}

TEST(Shape, FitsRequiresAStrideForEachSize) {
  EXPECT_FALSE(fits({2, 2}, {1}, 0, 100));
  EXPECT_FALSE(fits({0}, {1}, -1, 100));
  EXPECT_TRUE(fits({0}, {1}, 100, 0));
}

RC_GTEST_PROP(ShapeLaws, ElementCountIsTheNumberOfPositions, ()) {
  const View view = any_view();
  RC_ASSERT(positions_of(view).size() == static_cast<size_t>(element_count(view.sizes)));
}

RC_GTEST_PROP(ShapeLaws, ContiguousViewHasConsecutivePositions, ()) {
  View view = any_view();
  const bool contiguous = *rc::gen::arbitrary<bool>();
  if (contiguous) view.strides = contiguous_strides(view.sizes);
  bool in_order = true;
  const std::vector<int64_t> positions = positions_of(view);
  for (size_t i = 0; i < positions.size(); ++i)
    in_order &= positions[i] == view.offset + static_cast<int64_t>(i);
  RC_ASSERT(is_contiguous(view.sizes, view.strides) == in_order);
  RC_ASSERT(in_order || !contiguous);
}

RC_GTEST_PROP(ShapeLaws, PositionsAreDistinctWithoutOverlap, ()) {
  const View view = any_view();
  const std::vector<int64_t> positions = positions_of(view);
  const std::set<int64_t> distinct(positions.begin(), positions.end());
  if (!may_overlap(view.sizes, view.strides)) RC_ASSERT(distinct.size() == positions.size());
}

// The answer is exact for permuted views of a contiguous tensor, also with a step.
RC_GTEST_PROP(ShapeLaws, PermutedContiguousViewsDoNotOverlap, ()) {
  View view = any_view();
  view.strides = contiguous_strides(view.sizes);
  const int64_t step = *rc::gen::inRange<int64_t>(1, 4);
  for (size_t d = view.sizes.size(); d-- > 1;) {
    const size_t other = *rc::gen::inRange<size_t>(0, d + 1);
    std::swap(view.sizes[d], view.sizes[other]);
    std::swap(view.strides[d], view.strides[other]);
  }
  for (int64_t& stride : view.strides) stride *= step;
  RC_ASSERT(!may_overlap(view.sizes, view.strides));
}

TEST(Shape, ExpandedViewsOverlap) {
  EXPECT_TRUE(may_overlap({2, 3}, {0, 1}));
  EXPECT_FALSE(may_overlap({1, 3}, {0, 1}));
  EXPECT_FALSE(may_overlap({0, 3}, {0, 0}));
}

RC_GTEST_PROP(ShapeLaws, ExtentIsLowestAndOnePastHighest, ()) {
  View view = any_view();
  view.offset = 0;
  const std::vector<int64_t> positions = positions_of(view);
  const Extent extent = extent_of(view.sizes, view.strides);
  if (positions.empty()) {
    RC_ASSERT(extent.low == 0 && extent.high == 0);
  } else {
    RC_ASSERT(extent.low == *std::min_element(positions.begin(), positions.end()));
    RC_ASSERT(extent.high == *std::max_element(positions.begin(), positions.end()) + 1);
  }
}

RC_GTEST_PROP(ShapeLaws, FitsIfEveryPositionIsInside, ()) {
  const View view = any_view();
  const int64_t elements = *rc::gen::inRange<int64_t>(0, 60);
  const std::vector<int64_t> positions = positions_of(view);
  const bool inside =
      std::all_of(positions.begin(), positions.end(), [&](int64_t at) { return at >= 0 && at < elements; });
  RC_ASSERT(fits(view.sizes, view.strides, view.offset, elements) == (inside && view.offset >= 0));
}

RC_GTEST_PROP(ShapeLaws, SignificantStridesReachTheSamePositions, ()) {
  const View view = any_view();
  const View significant{view.sizes, significant_strides(view.sizes, view.strides), view.offset};
  RC_ASSERT(positions_of(significant) == positions_of(view));
  for (size_t d = 0; d < view.sizes.size(); ++d)
    if (view.sizes[d] == 1) RC_ASSERT(significant.strides[d] == 0);
}

}  // namespace
}  // namespace engine
