#include "engine/backends/cpu/pointwise.h"

#include <algorithm>
#include <numeric>

#include "engine/backends/cpu/blocks.h"
#include "engine/core/check.h"
#include "engine/core/shape.h"

namespace engine::cpu {

namespace {

using ops::ComputeType;

constexpr size_t most_operands = 4;
constexpr size_t widest = 16;

struct Lane {
  std::byte* data = nullptr;  // null: a number, whose block is filled already
  DType dtype = DType::f32;
  Dims strides = {};  // in elements, one for each dimension of the walk; 0 where the operand broadcasts
  bool round = false;
  int64_t width() const { return static_cast<int64_t>(size_of(dtype)); }
};

Lane lane_of(const Tensor& tensor, IntSpan sizes) {
  Lane lane{static_cast<std::byte*>(tensor.data()), tensor.dtype(), Dims(sizes.size(), 0)};
  const size_t lead = sizes.size() - tensor.rank();
  for (size_t d = 0; d < tensor.rank(); ++d)
    lane.strides[lead + d] = tensor.size(d) == 1 ? 0 : tensor.stride(d);
  return lane;
}

// The result's memory order, so that inner loops run along it; then neighbours joined where every lane
// allows.
void simplify(Dims& sizes, std::span<Lane> lanes) {
  std::vector<size_t> order(sizes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const Dims& lead = lanes[0].strides;
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return lead[a] != lead[b] ? lead[a] > lead[b] : a < b; });
  Dims kept;
  std::vector<Dims> strides(lanes.size());
  for (const size_t d : order) {
    if (sizes[d] == 1) continue;
    const bool joins = !kept.empty() && std::equal(lanes.begin(), lanes.end(), strides.begin(),
                                                   [&](const Lane& lane, const Dims& before) {
                                                     return before.back() == lane.strides[d] * sizes[d];
                                                   });
    if (joins)
      kept.back() *= sizes[d];
    else
      kept.push_back(sizes[d]);
    for (size_t l = 0; l < lanes.size(); ++l) {
      if (joins)
        strides[l].back() = lanes[l].strides[d];
      else
        strides[l].push_back(lanes[l].strides[d]);
    }
  }
  if (kept.empty()) {
    kept.push_back(1);
    for (Dims& each : strides) each.push_back(0);
  }
  sizes = std::move(kept);
  for (size_t l = 0; l < lanes.size(); ++l) lanes[l].strides = std::move(strides[l]);
}

struct Buffers {
  alignas(64) std::byte bytes[most_operands + 1][block_elements * widest];
};

// One run of a kernel: lanes[0] is the result.
struct Walk {
  const ops::PointwiseKernel& kernel;
  ComputeType type;
  ComputeType result_type;
  DType common;
  std::span<Lane> lanes;
  Buffers& buffers;

  // `count` elements along the innermost dimension, from the given places.
  void block(const std::array<std::byte*, most_operands + 1>& at, int64_t count) const {
    std::array<const std::byte*, most_operands> in{};
    for (size_t l = 1; l < lanes.size(); ++l) {
      const Lane& lane = lanes[l];
      std::byte* const buffer = buffers.bytes[l];
      in[l - 1] = buffer;
      if (!lane.data) continue;
      const int64_t stride = lane.strides.back();
      if (stride == 1 && lane.dtype == ops::dtype_of(type)) {
        in[l - 1] = at[l];
        continue;
      }
      load_block(type, buffer, lane.dtype, at[l], stride, count);
      if (lane.round) round_block(type, buffer, common, count);
    }
    const Lane& out = lanes[0];
    const bool direct = out.strides.back() == 1 && out.dtype == ops::dtype_of(result_type);
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

void fill_number(std::byte* buffer, ComputeType type, const PointwiseOperand& operand, DType common) {
  ops::with_compute_type(type, [&]<class T>() {
    T value{};
    if constexpr (math::is_complex<T>) {
      const std::complex<double> number = operand.number.to_complex();
      value = {static_cast<typename T::Component>(number.real()),
               static_cast<typename T::Component>(number.imag())};
    } else if constexpr (std::is_same_v<T, int64_t>) {
      const Scalar& number = operand.number;
      value = number.is_integral() ? number.to_integer() : math::to_integer(number.to_real());
    } else {
      value = static_cast<T>(operand.number.to_real());
    }
    std::fill_n(reinterpret_cast<T*>(buffer), block_elements, value);
  });
  if (operand.rounded) round_block(type, buffer, common, block_elements);
}

ComputeType result_type_of(const ops::PointwiseKernel& kernel, ComputeType type) {
  return kernel.result == ops::PointwiseResult::boolean
             ? ComputeType::boolean
             : ops::compute_type_of(kernel.result_dtype(ops::dtype_of(type)));
}

struct Identity {
  template <class T>
  T operator()(T x) const {
    return x;
  }
};

// What memory must hold for the tensor's bits to make it the number; signs of zeros count.
Scalar behind_bits(const Tensor& tensor, const Scalar& number) {
  const bool negates = tensor.is_neg();
  if (is_complex(tensor.dtype())) {
    const std::complex<double> value = number.to_complex();
    const std::complex<double> stored = tensor.is_conj() ? std::conj(value) : value;
    return negates ? -stored : stored;
  }
  if (!negates) return number;
  return is_integral(tensor.dtype()) && number.is_integral() ? Scalar(math::neg(number.to_integer()))
                                                             : Scalar(-number.to_real());
}

}  // namespace

void run_pointwise(const ops::PointwiseKernel& kernel, DType common, const Tensor& out,
                   std::span<const PointwiseOperand> operands) {
  CHECK(operands.size() == kernel.arity && operands.size() <= most_operands,
        "one operand for each parameter");
  if (out.element_count() == 0) return;
  const ComputeType type = ops::compute_type_of(common);
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
      fill_number(buffers.bytes[i + 1], type, operands[i], common);
    }
  }
  const std::span<Lane> used(lanes.data(), operands.size() + 1);
  simplify(sizes, used);
  walk({kernel, type, result_type_of(kernel, type), common, used, buffers}, sizes);
}

void fill_elements(const Tensor& to, const Scalar& number) {
  static const ops::PointwiseKernel identity = ops::pointwise_kernel<Identity, 1, ops::all_dtype_set>();
  const PointwiseOperand operand{nullptr, behind_bits(to, number), true};
  run_pointwise(identity, to.dtype(), to, {&operand, 1});
}

void copy_elements(const Tensor& to, const Tensor& from) {
  static const ops::PointwiseKernel identity = ops::pointwise_kernel<Identity, 1, ops::all_dtype_set>();
  // In a type that loses nothing of what is read.
  const PointwiseOperand operand{&from, {}, false};
  run_pointwise(identity, from.dtype(), to, {&operand, 1});
}

}  // namespace engine::cpu
