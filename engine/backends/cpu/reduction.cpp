#include "engine/backends/cpu/reduction.h"

#include <algorithm>

#include "engine/backends/cpu/blocks.h"
#include "engine/core/check.h"
#include "engine/core/shape.h"

namespace engine::cpu {

namespace {

// Sizes and strides of the reduced dimensions, or of the others.
struct Part {
  Dims sizes, strides;
};

Part part_of(const Tensor& tensor, const std::vector<bool>& reduced, bool wanted) {
  Part part;
  for (size_t d = 0; d < tensor.rank(); ++d) {
    if (reduced[d] != wanted || tensor.size(d) == 1) continue;
    // Reduced dimensions that are adjacent in memory are joined into one.
    const bool joins = !part.sizes.empty() && part.strides.back() == tensor.stride(d) * tensor.size(d);
    if (joins && wanted) {
      part.sizes.back() *= tensor.size(d);
      part.strides.back() = tensor.stride(d);
    } else {
      part.sizes.push_back(tensor.size(d));
      part.strides.push_back(tensor.stride(d));
    }
  }
  return part;
}

struct Folding {
  const ReductionFunctions& functions;
  ComputeType type;
  DType common;
  const Tensor& self;
  Part inner;
  int64_t row, stride;  // size and stride of the innermost reduced dimension

  // Loads elements, rounded to the common dtype. As a bool, a fraction is true.
  void load(std::byte* block, const std::byte* from, int64_t count) const {
    if (common == DType::b8 && !is_integral(self.dtype())) {
      alignas(64) std::byte values[block_elements * 16];
      std::byte bools[block_elements];
      const ComputeType own = compute_type_of(self.dtype());
      load_block(own, values, self.dtype(), from, stride, count);
      store_block(DType::b8, bools, 1, own, values, count);
      return load_block(type, block, DType::b8, bools, 1, count);
    }
    load_block(type, block, self.dtype(), from, stride, count);
    if (self.dtype() != common) round_block(type, block, common, count);
  }

  void fold(const std::byte* base, std::byte* state) const {
    alignas(64) std::byte block[block_elements * 16];
    const auto width = static_cast<int64_t>(size_of(self.dtype()));
    int64_t done = 0;
    const auto fold_row = [&](int64_t position) {
      for (int64_t at = 0; at < row; at += block_elements) {
        const int64_t count = std::min(block_elements, row - at);
        load(block, base + (position + at * stride) * width, count);
        functions.fold(state, block, count, done);
        done += count;
      }
    };
    if (row > 0) for_each_position(inner.sizes, inner.strides, 0, fold_row);
  }
};

}  // namespace

void run_reduction(const ReductionKernel& kernel, DType common, const Tensor& out, const Tensor& self,
                   const std::vector<bool>& reduced) {
  const ComputeType type = compute_type_of(common);
  const ReductionFunctions& functions = kernel.functions[static_cast<size_t>(type)];
  CHECK(functions.start != nullptr, "the kernel was not compiled for this dtype");
  const Part outer = part_of(self, reduced, false);
  Folding folding{functions, type, common, self, part_of(self, reduced, true), 1, 1};
  const int64_t count = element_count(folding.inner.sizes);
  if (!folding.inner.sizes.empty()) {
    folding.row = folding.inner.sizes.back();
    folding.stride = folding.inner.strides.back();
    folding.inner.sizes.pop_back();
    folding.inner.strides.pop_back();
  }
  const std::vector<int64_t> targets = positions_of(out.sizes(), out.strides());
  size_t next = 0;
  const auto reduce_one = [&](int64_t position) {
    alignas(64) std::byte state[ReductionKernel::state_bytes];
    alignas(16) std::byte result[16];
    functions.start(state);
    if (count > 0) folding.fold(address_of(self, position), state);
    functions.finish(state, count, result);
    store_block(out.dtype(), address_of(out, targets[next++]), 1, kernel.results[static_cast<size_t>(type)],
                result, 1);
  };
  if (!targets.empty()) for_each_position(outer.sizes, outer.strides, 0, reduce_one);
}

}  // namespace engine::cpu
