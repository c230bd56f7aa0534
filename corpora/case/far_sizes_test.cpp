#include "corpora/case/far_sizes.h"

#include <gtest/gtest.h>

#include "corpora/case/text.h"
#include "engine/core/shape.h"

namespace corpora {
namespace {

Case case_with(const std::string& sizes, const std::string& strides) {
  return parse_case("faultline case 1\nstorage s0 f32[6] dyadic(3)\ninput t0 s0 sizes " + sizes +
                        " strides " + strides + " offset 0\ncall r0 aten::neg(self=t0)\n",
                    "far sizes");
}

TEST(FarSizes, ExpandsOneDimensionOverTheSameStorage) {
  Case c = case_with("[2, 3]", "[3, 1]");
  EXPECT_FALSE(has_far_size(c));
  PhiloxChoices choices(1, 2, 3);
  ASSERT_TRUE(expand_far(c, choices));
  EXPECT_TRUE(has_far_size(c));
  EXPECT_EQ(c.storages[0].elements, 6);
  const Input& input = c.inputs[0];
  EXPECT_TRUE(engine::fits(input.sizes, input.strides, input.offset, 6));
  EXPECT_EQ(parse_case(to_text(c), "far sizes"), c);
}

TEST(FarSizes, CountTheDimensionsOfAnEmptyTensor) {
  EXPECT_TRUE(has_far_size(case_with("[2147483648, 2, 0]", "[0, 1, 1]")));
  EXPECT_FALSE(has_far_size(case_with("[2, 0, 3]", "[0, 1, 1]")));
}

TEST(FarSizes, NeedADimension) {
  Case c = case_with("[]", "[]");
  PhiloxChoices choices(1, 2, 3);
  EXPECT_FALSE(expand_far(c, choices));
}

}  // namespace
}  // namespace corpora
