// The dtypes that this PyTorch has: its catalog, what is refused, and conversions of 8-bit floats.
#include <cmath>

#include "engine/core/float_formats.h"
#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/torch_cases.h"

namespace oracles::testing {
namespace {

using engine::DType;

CaseMaker clone_of(DType dtype) {
  return CaseMaker()
      .input<std::byte>(dtype, {1}, std::vector<std::byte>(engine::size_of(dtype)))
      .call("aten::clone", {input(0), none()});
}

// The result of aten::_to_copy of elements of `from`.
template <class To, class From>
std::vector<To> converted(DType from, DType to, const std::vector<From>& values) {
  const auto c = CaseMaker()
                     .input(from, {static_cast<int64_t>(values.size())}, values)
                     .call("aten::_to_copy", {input(0), Value::of_dtype(to), none(), none(), none(),
                                              Value::of_boolean(false), none()});
  return values_of<To>(first_tensor(run(c)));
}

TEST(TorchDTypes, MissingDTypeIsNotDrawnAndRefusedInACase) {
  int missing = 0;
  for (const DType dtype : engine::all_dtypes) {
    const std::string name(engine::name_of(dtype));
    const bool drawn = (torch().catalog().dtypes() & corpora::only(dtype)) != 0;
    const std::string refusal = torch().refuses(clone_of(dtype), {});
    EXPECT_EQ(refusal, drawn ? "" : "this PyTorch has no dtype " + name);
    EXPECT_EQ(drawn, aten::has_dtype(dtype)) << name;
    const auto argument = CaseMaker().floats({1}, {0}).call(
        "aten::full_like", {input(0), integer(0), Value::of_dtype(dtype), none(), none(), none(), none()});
    EXPECT_EQ(torch().refuses(argument, {}), refusal);
    if (drawn) {
      EXPECT_EQ(first_tensor(run(clone_of(dtype))).dtype, dtype) << name;
    }
    missing += !drawn;
  }
  const bool has_unsigned = aten::has_dtype(DType::u64);
  EXPECT_EQ(missing, has_unsigned ? 0 : 5);
  EXPECT_TRUE(aten::has_dtype(DType::c32));
}

TEST(TorchDTypes, LargestUnsignedIntegersAreKept) {
  if (!aten::has_dtype(DType::u64)) GTEST_SKIP() << "this PyTorch has no u64";
  const std::vector<uint64_t> large{~uint64_t{0}, uint64_t{1} << 63, 1};
  const auto c = CaseMaker().input(DType::u64, {3}, large).call("aten::clone", {input(0), none()});
  EXPECT_EQ(values_of<uint64_t>(first_tensor(run(c))), large);
}

template <class Stored>
void expect_conversions_of_torch(DType dtype) {
  if (!aten::has_dtype(dtype)) GTEST_SKIP() << "this PyTorch has no " << engine::name_of(dtype);
  std::vector<uint8_t> all;
  for (int bits = 0; bits < 256; ++bits) all.push_back(static_cast<uint8_t>(bits));
  const std::vector<double> wide = converted<double>(dtype, DType::f64, all);
  ASSERT_EQ(wide.size(), 256u);
  for (size_t i = 0; i < wide.size(); ++i) {
    const double own = engine::double_from(Stored{all[i]});
    EXPECT_TRUE(own == wide[i] || (std::isnan(own) && std::isnan(wide[i]))) << i;
  }
  std::vector<uint16_t> halves;
  for (uint32_t bits = 0; bits < 0x10000; ++bits) {
    const double x = engine::double_from(engine::Half{static_cast<uint16_t>(bits)});
    // Before 2.15, what is too large becomes NaN, not the largest.
    if (std::isfinite(x) && std::fabs(x) < 449) halves.push_back(static_cast<uint16_t>(bits));
  }
  const std::vector<uint8_t> narrow = converted<uint8_t>(DType::f16, dtype, halves);
  ASSERT_EQ(narrow.size(), halves.size());
  for (size_t i = 0; i < halves.size(); ++i)
    ASSERT_EQ(engine::stored_from<Stored>(engine::double_from(engine::Half{halves[i]})).bits, narrow[i])
        << halves[i];
}

TEST(TorchDTypes, FloatsOf8BitsAreConvertedAsByTorch) {
  expect_conversions_of_torch<engine::Float8E4M3>(DType::f8e4m3fn);
  expect_conversions_of_torch<engine::Float8E5M2>(DType::f8e5m2);
}

}  // namespace
}  // namespace oracles::testing
