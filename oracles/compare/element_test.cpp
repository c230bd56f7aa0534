#include "oracles/compare/element.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

namespace oracles {
namespace {

using engine::DType;

double read_back(DType dtype, double x) {
  std::byte element[16] = {};
  store_component(dtype, x, element);
  return component_at(dtype, element, 0);
}

TEST(Element, StoredNumbersReadBackInEveryDType) {
  for (DType dtype : engine::all_dtypes) {
    EXPECT_EQ(read_back(dtype, 1), 1) << engine::name_of(dtype);
    EXPECT_EQ(read_back(dtype, 0), 0) << engine::name_of(dtype);
    if (!engine::is_integral(dtype)) {
      EXPECT_EQ(read_back(dtype, -2.5), -2.5) << engine::name_of(dtype);
      EXPECT_TRUE(std::isnan(read_back(dtype, std::nan("")))) << engine::name_of(dtype);
      EXPECT_EQ(read_back(dtype, largest_of(dtype)), largest_of(dtype)) << engine::name_of(dtype);
    }
  }
}

TEST(Element, ComponentsOfComplexElementsAreRead) {
  const float parts[2] = {1.5f, -2.0f};
  std::byte element[8];
  std::memcpy(element, parts, sizeof parts);
  EXPECT_EQ(component_at(DType::c64, element, 0), 1.5);
  EXPECT_EQ(component_at(DType::c64, element, 1), -2.0);
}

TEST(Element, UlpIsTheGapToTheNextNumber) {
  EXPECT_EQ(ulp_at(DType::f32, 1), std::nextafter(1.0f, 2.0f) - 1.0f);
  EXPECT_EQ(ulp_at(DType::f64, 1), std::nextafter(1.0, 2.0) - 1.0);
  EXPECT_EQ(ulp_at(DType::f32, -8), std::nextafter(8.0f, 9.0f) - 8.0f);
  EXPECT_EQ(ulp_at(DType::f16, 1), 0x1p-10);
  EXPECT_EQ(ulp_at(DType::bf16, 1), 0x1p-7);
  EXPECT_EQ(ulp_at(DType::c64, 1), ulp_at(DType::f32, 1));
}

TEST(Element, UlpOfZeroAndDenormalsIsTheSmallestDenormal) {
  EXPECT_EQ(ulp_at(DType::f32, 0), std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(ulp_at(DType::f32, 1e-40), std::numeric_limits<float>::denorm_min());
  EXPECT_EQ(ulp_at(DType::f64, 0), std::numeric_limits<double>::denorm_min());
  EXPECT_EQ(ulp_at(DType::f16, 0), 0x1p-24);
}

TEST(Element, IntegersSaturate) {
  EXPECT_EQ(read_back(DType::u8, 300), 255);
  EXPECT_EQ(read_back(DType::i8, -300), -128);
  EXPECT_EQ(read_back(DType::i32, 1e20), 2147483647);
}

}  // namespace
}  // namespace oracles
