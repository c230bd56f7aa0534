// GroupPlan: how a group of operators runs for inputs of given dtypes, sizes and strides: which tensors are
// allocated, and which kernels are launched on which lanes. Launches of one kernel write results of one size;
// an intermediate value of a different size is computed again where it is read, which gives the same
// elements. Promises: results have the dtypes, sizes and strides of the calls one by one, and share memory
// where theirs do. Refuses, with Unfused, what would not give the same results.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/fuser/c_source.h"
#include "engine/fuser/fallback_reason.h"
#include "engine/fuser/kernel_program.h"
#include "engine/ir/graph.h"

namespace engine::fuser {

struct Unfused {
  FallbackReason reason;
};

// The elements of a tensor that one operand of a launch visits.
struct PlannedLane {
  size_t tensor = 0;   // of an input or of a planned tensor
  int64_t offset = 0;  // in elements, from the tensor's first one
  Dims strides = {};
};

struct Launch {
  KernelProgram program = {};
  std::vector<PlannedLane> outputs = {}, lanes = {};
  std::vector<std::byte> numbers = {};  // 8 bytes each
  Dims sizes = {};
};

struct AllocatedTensor {
  DType dtype;
  Dims sizes, strides;
};

// What the group returns, or a tensor of which it returns a part.
struct PlannedResult {
  enum class Kind : uint8_t { input, allocated, part } kind = Kind::input;
  size_t of = 0;  // the input, the allocated tensor, or the result that this is a part of
  int64_t dim = 0, start = 0, end = 0;
};

struct GroupPlan {
  std::vector<AllocatedTensor> allocated;
  std::vector<Launch> launches;
  std::vector<PlannedResult> results;
  std::vector<size_t> outputs;  // places in `results`
};

// `inputs` are meta tensors.
GroupPlan plan_group(const ir::Graph& group, std::span<const Tensor> inputs);

}  // namespace engine::fuser
