#include "oracles/trial/batching.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "oracles/trial/scripted_subject.h"

namespace oracles {
namespace {

using corpora::LayerKind;

constexpr std::array outer_only{true, false}, both{true, true};

std::vector<float> floats(const std::vector<std::byte>& bytes) {
  std::vector<float> values(bytes.size() / sizeof(float));
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

const std::vector<std::byte> memory = bytes_of<float>({1, 2, 3});

TEST(Batching, EveryNumberChoosesAnExampleOfTheBatch) {
  for (int32_t number = 0; number < static_cast<int32_t>(Batching::numbers); ++number) {
    const Batching batching(number);
    for (const size_t level : {0, 1}) EXPECT_LT(batching.chosen[level], batching.sizes[level]) << number;
  }
}

TEST(Batching, ChosenExampleHasTheValuesOfTheCase) {
  for (int32_t number = 0; number < static_cast<int32_t>(Batching::numbers); ++number) {
    const Batching batching(number);
    EXPECT_EQ(rotation(batching, both, engine::DType::f32, batching.chosen), 0) << number;
  }
}

TEST(Batching, CopiesFollowEachOtherOrAlternate) {
  EXPECT_EQ(floats(batch_of(Batching(0), outer_only, engine::DType::f32, memory)),
            (std::vector<float>{1, 2, 3, 2, 3, 1}));
  EXPECT_EQ(floats(batch_of(Batching(512), outer_only, engine::DType::f32, memory)),
            (std::vector<float>{1, 2, 2, 3, 3, 1}));
}

TEST(Batching, IndicesKeepTheirOrderUnlessTheNumberSaysSo) {
  const std::vector<std::byte> indices = bytes_of<int32_t>({1, 2, 3});
  EXPECT_EQ(batch_of(Batching(0), outer_only, engine::DType::i32, indices),
            bytes_of<int32_t>({1, 2, 3, 1, 2, 3}));
  EXPECT_EQ(batch_of(Batching(1024), outer_only, engine::DType::i32, indices),
            bytes_of<int32_t>({1, 2, 3, 2, 3, 1}));
}

TEST(Batching, OtherExamplesAreTheOtherProgramsOfTheBatch) {
  const corpora::Case c = case_of("mine::op(Tensor a, Tensor b) -> Tensor", 2);
  const corpora::Path path{{LayerKind::batched, 0}, {LayerKind::nested, 1}, {LayerKind::batching, 0}};
  const std::vector<corpora::Case> others = other_examples(c, corpora::image_of(c), path);
  ASSERT_EQ(others.size(), 3u);
  for (const corpora::Case& other : others) EXPECT_FALSE(other == c);
  EXPECT_EQ(std::ranges::count_if(others, [&](const auto& o) { return o.storages[0] == c.storages[0]; }), 1);
}

TEST(Batching, SpacedOutInputsHaveTheSameElements) {
  corpora::Case c = case_of("mine::op(Tensor a) -> Tensor", 1);
  const corpora::Image image = corpora::image_of(c);
  const corpora::Case other = spaced_out(c, image);
  EXPECT_EQ(corpora::fault_of(other), "");
  const std::vector<std::byte>& bytes = other.storages[0].bytes;
  const size_t width = engine::size_of(c.storages[0].dtype);
  ASSERT_EQ(bytes.size(), image.storages[0].size() * 2);
  for (size_t i = 0; i < image.storages[0].size(); ++i)
    EXPECT_EQ(bytes[i / width * 2 * width + i % width], image.storages[0][i]);
  EXPECT_EQ(other.inputs[0].strides[0], c.inputs[0].strides[0] * 2);
}

// Of every batch the view of the chosen example has the elements of the case.
TEST(Batching, ViewsOfABatchHaveTheElementsOfTheCase) {
  const corpora::Case c = case_of("mine::op(Tensor a, Tensor b) -> Tensor", 2);
  const corpora::Image image = corpora::image_of(c);
  for (int number = 0; number < static_cast<int>(Batching::numbers); ++number) {
    const corpora::Path path{{LayerKind::batched, 0},
                             {LayerKind::nested, 0},
                             {LayerKind::nested, 1},
                             {LayerKind::batching, number}};
    const corpora::Case views = views_of_batch(c, image, path);
    ASSERT_EQ(corpora::fault_of(views), "");
    for (size_t t = 0; t < 2; ++t) {
      EXPECT_GE(views.storages[t].elements, 2 * c.storages[t].elements);
      const std::vector<float> all = floats(views.storages[t].bytes), of_case = floats(image.storages[t]);
      for (size_t i = 0; i < of_case.size(); ++i)
        ASSERT_EQ(all[static_cast<size_t>(views.inputs[t].offset) +
                      i * static_cast<size_t>(views.inputs[t].strides[0])],
                  of_case[i]);
    }
  }
}

}  // namespace
}  // namespace oracles
