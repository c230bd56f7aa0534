// KernelProgram: what one fused kernel computes of one element of each lane: steps of pointwise functors, as
// the machine calls them one by one (PointwiseCall), and which values it stores. It contains neither sizes
// nor strides nor the values of numbers, so that calls with different ones share a kernel. Promises:
// text_of() is equal exactly for equal programs. Refuses complex elements (why_not_compiled).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/dtype.h"
#include "engine/kernels/pointwise_kernel.h"

namespace engine::fuser {

struct Source {
  enum class Kind : uint8_t { lane, number, step } kind = Kind::lane;
  uint32_t index = 0;
  bool operator==(const Source&) const = default;
};

struct StepOperand {
  Source source;
  bool rounded = false;  // to the common dtype, if its own is different; numbers are rounded before the call
};

struct Step {
  const void* functor = nullptr;
  PointwiseResult result = PointwiseResult::same;
  DType common = DType::f32;
  DType dtype = DType::f32;  // of the value, which later steps read as memory of this dtype would hold it
  std::vector<StepOperand> operands = {};
};

struct Stored {
  Source source;  // a lane or a step
  DType dtype = DType::f32;
};

struct KernelProgram {
  std::vector<DType> lanes;          // of tensors that are read
  std::vector<ComputeType> numbers;  // by place in the numbers of a call, 8 bytes each
  std::vector<Step> steps;
  std::vector<Stored> outputs;

  DType dtype_of(Source source) const {
    return source.kind == Source::Kind::lane ? lanes[source.index] : steps[source.index].dtype;
  }
};

std::string text_of(const KernelProgram& program);
// Why there is no C source for it; empty if there is.
std::string why_not_compiled(const KernelProgram& program);

}  // namespace engine::fuser
