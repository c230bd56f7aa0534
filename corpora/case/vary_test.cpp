// Changes of samples of an operator whose arguments cannot be guessed: boxes [K, 5] whose first column is the
// number of an image.
#include "corpora/case/vary.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>

#include "corpora/case/image.h"
#include "corpora/case/schema_catalog.h"
#include "corpora/case/text.h"
#include "corpora/case/vary_edits.h"

namespace corpora {
namespace {

const Catalog& catalog() {
  static const Catalog built = catalog_of(
      {"mine::roi_align(Tensor input, Tensor rois, float scale, int[2] pooled, bool aligned=False) -> Tensor",
       "mine::norm(Tensor input, int[] shape, Tensor weight, Tensor? bias=None) -> Tensor"});
  return built;
}

constexpr std::string_view boxes = R"(faultline case 1
storage s0 f32[384] normal(1)
storage s1 f32[20] values { 0 1 1 5 6 1 0 0 4 4 1 2 3 6 7 0 0 0 7 7 }
input t0 s0 sizes [2, 3, 8, 8] strides [192, 64, 8, 1] offset 0
input t1 s1 sizes [4, 5] strides [5, 1] offset 0
call r0 mine::roi_align(input=t0, rois=t1, scale=0x1p-1, pooled=[2, 2], aligned=True)
)";

constexpr std::string_view norm = R"(faultline case 1
storage s0 f32[24] normal(1)
storage s1 f32[6] normal(2)
input t0 s0 sizes [4, 6] strides [6, 1] offset 0
input t1 s1 sizes [6] strides [1] offset 0
call r0 mine::norm(input=t0, shape=[6], weight=t1, bias=t1)
)";

const Supply& supply() {
  static const Supply made{catalog(), Domains::torch(), {0}, {}};
  return made;
}

Case varied(std::string_view text, uint64_t index) {
  static const Case samples[]{parse_case(boxes, "boxes"), parse_case(norm, "norm")};
  PhiloxChoices choices(1, 2, index);
  return vary({&samples[text == boxes ? 0 : 1]}, supply(), choices);
}

float element(const Case& c, const Image& image, const Input& input, std::initializer_list<int64_t> index) {
  int64_t position = input.offset;
  for (size_t d = 0; d < index.size(); ++d) position += index.begin()[d] * input.strides[d];
  float value = 0;
  if (c.storage_of(input).dtype == engine::DType::f32)
    std::memcpy(&value, image.storages[static_cast<size_t>(input.storage)].data() + position * 4, 4);
  return value;
}

// What a careful author checks.
bool accepts_boxes(const Case& c) {
  const Call& call = c.calls.back();
  for (const Value* value : {&call.arguments[0], &call.arguments[1]})
    if (value->kind != ValueKind::tensor || !value->tensor.is_input()) return false;
  const Input &input = c.input_of(call.arguments[0].tensor), &rois = c.input_of(call.arguments[1].tensor);
  const engine::DType dtype = c.storage_of(input).dtype;
  if (input.sizes.size() != 4 || rois.sizes.size() != 2 || rois.sizes[1] != 5) return false;
  if (!engine::is_floating(dtype) || engine::is_complex(dtype) || c.storage_of(rois).dtype != dtype)
    return false;
  const Image image = image_of(c);
  for (int64_t k = 0; k < rois.sizes[0]; ++k)
    if (const float number = element(c, image, rois, {k, 0});
        number < 0 || number >= static_cast<float>(input.sizes[0]))
      return false;
  const std::vector<Value>& pooled = call.arguments[3].list;
  return pooled.size() == 2 && pooled[0].integer > 0 && pooled[1].integer > 0;
}

TEST(Vary, MostChangesOfASampleAreAccepted) {
  constexpr int draws = 2000;
  int accepted = 0;
  std::set<std::string> different, shapes, dtypes;
  for (int i = 0; i < draws; ++i) {
    const Case c = varied(boxes, static_cast<uint64_t>(i));
    ASSERT_EQ(fault_of(c), "");
    if (!accepts_boxes(c)) continue;
    ++accepted;
    different.insert(to_text(c));
    const Input& input = c.input_of(c.calls.back().arguments[0].tensor);
    shapes.insert(to_text(Value::of_integers(input.sizes)) + to_text(Value::of_integers(input.strides)));
    dtypes.insert(std::string(engine::name_of(c.storage_of(input).dtype)));
  }
  EXPECT_GT(accepted, draws * 6 / 10);
  EXPECT_GT(different.size(), static_cast<size_t>(draws / 2));
  EXPECT_GT(shapes.size(), 150U);
  EXPECT_GE(dtypes.size(), 4U);
}

TEST(Vary, SameChoicesGiveTheSameCase) {
  for (uint64_t i = 0; i < 50; ++i) EXPECT_EQ(varied(boxes, i), varied(boxes, i));
}

TEST(Vary, EqualSizesOfTensorsAndListsMoveTogether) {
  int moved = 0, together = 0;
  for (uint64_t i = 0; i < 500; ++i) {
    PhiloxChoices choices(3, 4, i);
    Case c = parse_case(norm, "norm");
    ASSERT_TRUE(fault_of(c).empty());
    if (!move_size({c, supply(), choices}) || c.inputs[0].sizes[1] == 6) continue;
    ++moved;
    const int64_t size = c.inputs[0].sizes[1];
    together += c.inputs[1].sizes[0] == size && c.calls[0].arguments[1].list[0].integer == size;
    EXPECT_TRUE(fault_of(c).empty() || !c.inputs.empty());
  }
  EXPECT_GT(moved, 100);
  EXPECT_GT(together, moved * 7 / 10);
}

TEST(Vary, LargerDimensionRepeatsTheValues) {
  Case c = parse_case(boxes, "boxes");
  reshape_view(c, 1, {6, 5}, {1, 6}, 2);
  ASSERT_EQ(fault_of(c), "");
  const Image image = image_of(c);
  for (int64_t k = 0; k < 6; ++k)
    for (int64_t column = 0; column < 5; ++column) {
      const Case old = parse_case(boxes, "boxes");
      EXPECT_EQ(element(c, image, c.inputs[1], {k, column}),
                element(old, image_of(old), old.inputs[1], {k % 4, column}));
    }
}

TEST(Vary, DtypesOfTensorsChangeTogether) {
  int changed = 0, together = 0;
  for (uint64_t i = 0; i < 300; ++i) {
    PhiloxChoices choices(5, 6, i);
    Case c = parse_case(boxes, "boxes");
    if (!vary_dtype({c, supply(), choices})) continue;
    ++changed;
    together += c.storages[0].dtype == c.storages[1].dtype;
  }
  EXPECT_GT(together, changed * 8 / 10);
  EXPECT_LT(together, changed);
}

TEST(Vary, LargeSamplesBecomeSmallMostOfTheTime) {
  Case large = parse_case(boxes, "boxes");
  large.inputs[0] = {0, {8, 64, 56, 56}, engine::contiguous_strides({8, 64, 56, 56}), 0};
  large.storages[0].elements = 8 * 64 * 56 * 56;
  int small = 0;
  for (uint64_t i = 0; i < 100; ++i) {
    PhiloxChoices choices(7, 8, i);
    const Case c = vary({&large}, supply(), choices);
    ASSERT_EQ(fault_of(c), "");
    small += engine::element_count(c.inputs[0].sizes) <= 4 * supply().limits.elements_max;
  }
  EXPECT_GT(small, 60);
  EXPECT_LT(small, 100);
}

}  // namespace
}  // namespace corpora
