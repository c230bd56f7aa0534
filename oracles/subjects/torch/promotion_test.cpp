// The dtype that two dtypes are promoted to: the reference and the engine against PyTorch, for every pair.
#include "oracles/reference/kernels/promotion.h"

#include <c10/core/ScalarType.h>
#include <gtest/gtest.h>

#include "engine/ops/promotion.h"
#include "oracles/subjects/torch/arguments.h"

namespace oracles::testing {
namespace {

using engine::DType;

// Nothing if this PyTorch does not have one of the dtypes, or does not promote them.
std::optional<DType> promoted_by_torch(DType a, DType b) {
  DType dtype;
  try {
    const auto promoted = c10::promoteTypes(aten::scalar_type_of(a), aten::scalar_type_of(b));
    return aten::dtype_of(promoted, dtype) ? std::optional(dtype) : std::nullopt;
  } catch (const Misfit&) {
    return std::nullopt;
  } catch (const c10::Error&) {
    return std::nullopt;
  }
}

TEST(TorchPromotion, EveryPairHasTheSamePromotionInReferenceEngineAndTorch) {
  int pairs = 0;
  for (DType a : engine::computed_dtypes)
    for (DType b : engine::computed_dtypes) {
      const std::optional<DType> torch = promoted_by_torch(a, b);
      EXPECT_EQ(reference::promoted(a, b), engine::ops::promoted(a, b))
          << engine::name_of(a) << " " << engine::name_of(b);
      if (!torch) continue;
      EXPECT_EQ(engine::ops::promoted(a, b), *torch) << engine::name_of(a) << " " << engine::name_of(b);
      ++pairs;
    }
  EXPECT_GE(pairs, 144);
}

}  // namespace
}  // namespace oracles::testing
