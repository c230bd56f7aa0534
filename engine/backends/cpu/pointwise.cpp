#include "engine/backends/cpu/pointwise.h"

#include <algorithm>

#include "engine/backends/cpu/blocks.h"
#include "engine/backends/lanes.h"
#include "engine/core/check.h"

namespace engine::cpu {

namespace {

constexpr size_t most_operands = 4;
constexpr size_t widest = 16;

struct Buffers {
  alignas(64) std::byte bytes[most_operands + 1][block_elements * widest];
};

// One call of a kernel. lanes[0] is the result.
struct Walk {
  const PointwiseKernel& kernel;
  ComputeType type;
  ComputeType result_type;
  DType common;
  std::span<Lane> lanes;
  Buffers& buffers;

  // Computes `count` elements along the innermost dimension; `at` has the first element of each lane.
  void block(const std::array<std::byte*, most_operands + 1>& at, int64_t count) const {
    std::array<const std::byte*, most_operands> in{};
    for (size_t l = 1; l < lanes.size(); ++l) {
      const Lane& lane = lanes[l];
      std::byte* const buffer = buffers.bytes[l];
      in[l - 1] = buffer;
      if (!lane.data) continue;
      const int64_t stride = lane.strides.back();
      if (stride == 1 && lane.dtype == dtype_of(type)) {
        in[l - 1] = at[l];
        continue;
      }
      load_block(type, buffer, lane.dtype, at[l], stride, count);
      if (lane.round) round_block(type, buffer, common, count);
    }
    const Lane& out = lanes[0];
    const bool direct = out.strides.back() == 1 && out.dtype == dtype_of(result_type);
    std::byte* const results = direct ? at[0] : buffers.bytes[0];
    kernel.blocks[static_cast<size_t>(type)](results, in.data(), count);
    if (!direct) store_block(out.dtype, at[0], out.strides.back(), result_type, results, count);
  }

  void row(std::array<std::byte*, most_operands + 1> at, int64_t size) const {
    for (int64_t done = 0; done < size; done += block_elements) {
      const int64_t count = std::min(block_elements, size - done);
      block(at, count);
      for (size_t l = 0; l < lanes.size(); ++l)
        if (lanes[l].data) at[l] += count * lanes[l].strides.back() * lanes[l].width();
    }
  }
};

void walk(const Walk& run, const Dims& sizes) {
  std::array<std::byte*, most_operands + 1> at{};
  for (size_t l = 0; l < run.lanes.size(); ++l) at[l] = run.lanes[l].data;
  const size_t outer = sizes.size() - 1;
  Dims index(outer, 0);
  for (;;) {
    run.row(at, sizes.back());
    size_t d = outer;
    for (; d > 0; --d) {
      const bool more = ++index[d - 1] < sizes[d - 1];
      for (size_t l = 0; l < run.lanes.size(); ++l) {
        if (!run.lanes[l].data) continue;
        const int64_t step = run.lanes[l].strides[d - 1] * run.lanes[l].width();
        at[l] += more ? step : -step * (sizes[d - 1] - 1);
      }
      if (more) break;
      index[d - 1] = 0;
    }
    if (d == 0) return;
  }
}

void fill_number(std::byte* buffer, ComputeType type, const PointwiseOperand& operand, DType common,
                 int64_t count) {
  number_as(type, operand.number, buffer);
  if (operand.rounded) round_block(type, buffer, common, 1);
  with_compute_type(type, [&]<class T>() {
    auto* const values = reinterpret_cast<T*>(buffer);
    std::fill_n(values + 1, count - 1, values[0]);
  });
}

ComputeType result_type_of(const PointwiseKernel& kernel, ComputeType type) {
  return kernel.result == PointwiseResult::boolean ? ComputeType::boolean
                                                   : compute_type_of(kernel.result_dtype(dtype_of(type)));
}

}  // namespace

void run_pointwise(const PointwiseKernel& kernel, DType common, const Tensor& out,
                   std::span<const PointwiseOperand> operands) {
  CHECK(operands.size() == kernel.arity && operands.size() <= most_operands,
        "one operand for each parameter");
  const int64_t count = out.element_count();
  if (count == 0) return;
  const ComputeType type = compute_type_of(common);
  CHECK(kernel.blocks[static_cast<size_t>(type)] != nullptr, "the kernel was not compiled for this dtype");
  Buffers buffers;
  std::array<Lane, most_operands + 1> lanes;
  Dims sizes = out.sizes().copy();
  lanes[0] = lane_of(out, sizes);
  for (size_t i = 0; i < operands.size(); ++i) {
    Lane& lane = lanes[i + 1];
    if (const Tensor* tensor = operands[i].tensor) {
      lane = lane_of(*tensor, sizes);
      lane.round = operands[i].rounded && tensor->dtype() != common;
    } else {
      lane.strides = Dims(sizes.size(), 0);
      fill_number(buffers.bytes[i + 1], type, operands[i], common, std::min(count, block_elements));
    }
  }
  const std::span<Lane> used(lanes.data(), operands.size() + 1);
  simplify(sizes, used);
  walk({kernel, type, result_type_of(kernel, type), common, used, buffers}, sizes);
}

}  // namespace engine::cpu
