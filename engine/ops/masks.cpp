// Operators that choose elements by a mask: nonzero masked_select. (index takes masks, too.)
#include "engine/ops/masks.h"

#include <fmt/core.h>

#include <cstring>

#include "engine/backends/copy.h"
#include "engine/backends/cpu/blocks.h"
#include "engine/backends/lanes.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"
#include "engine/ops/geometry_rules.h"
#include "engine/ops/host_compute.h"
#include "engine/ops/needs_data.h"
#include "engine/ops/shape_rules.h"

namespace engine::ops {

namespace {

bool is_nonzero(const Tensor& tensor, int64_t at) {
  if (!is_complex(tensor.dtype())) return cpu::load_element<double>(tensor, at) != 0;
  const auto number = cpu::load_element<math::Complex<double>>(tensor, at);
  return number.re != 0 || number.im != 0;
}

// Calls visit(number in row-major order) for each element that is not zero.
template <class Visit>
void for_each_nonzero(const Tensor& mask, const Visit& visit) {
  int64_t number = 0;
  for_each_position(mask.sizes(), mask.strides(), 0, [&](int64_t at) {
    if (is_nonzero(mask, at)) visit(number);
    ++number;
  });
}

Tensor readable(const Tensor& mask, const std::string& op) {
  if (!mask.has_data()) throw NeedsData(op);
  return on_host(mask);
}

int64_t count_nonzero(const Tensor& mask, const std::string& op) {
  int64_t count = 0;
  for_each_nonzero(readable(mask, op), [&](int64_t) { ++count; });
  return count;
}

// An out= tensor must have the dtype of the result: nothing is cast.
void refuse_other_dtype(const CallArguments& args, DType dtype) {
  for (size_t i = 0; i < args.size(); ++i)
    if (args.schema().arguments[i].is_out() && args.tensor(i).dtype() != dtype)
      throw Error(fmt::format("{}: expected out tensor to have dtype {} but got {}", args.operator_name(),
                              name_of(dtype), name_of(args.tensor(i).dtype())));
}

// --- nonzero
Plan nonzero_rule(const CallArguments& args) {
  const Tensor& self = args.tensor(0);
  refuse_other_dtype(args, DType::i64);
  const int64_t count = count_nonzero(self, args.schema().qualified());
  const auto rank = static_cast<int64_t>(self.rank());
  return {{DType::i64, {count, rank}, {1, count}, self.device()}};
}

// Writes the coordinates of the elements that are not zero.
void write_positions(const Tensor& mask, const Tensor& positions) {
  const Dims steps = contiguous_strides(mask.sizes());
  int64_t row = 0;
  int64_t* const to = positions.data<int64_t>();
  for_each_nonzero(mask, [&](int64_t number) {
    for (size_t d = 0; d < steps.size(); ++d) {
      const int64_t column = static_cast<int64_t>(d) * positions.stride(1);
      to[row * positions.stride(0) + column] = number / steps[d] % mask.size(d);
    }
    ++row;
  });
}

void nonzero_compute(const CallArguments& args, std::span<const Tensor> results) {
  write_positions(args.tensor(0), results[0]);
}

// --- masked_select
Dims masked_sizes(const CallArguments& args) {
  return broadcast_sizes<int64_t>(args.tensor(0).sizes(), args.tensor(1).sizes());
}

Tensor expanded(const Tensor& tensor, const Dims& sizes) {
  return tensor.view(sizes, broadcast_strides(tensor.sizes(), tensor.strides(), sizes), tensor.offset());
}

Plan masked_select_rule(const CallArguments& args) {
  const Tensor &self = args.tensor(0), &mask = args.tensor(1);
  require_bools(mask);
  refuse_other_dtype(args, self.dtype());
  const Device device = common_device(args);
  const Dims sizes = masked_sizes(args);
  return {fresh(self.dtype(), {count_nonzero(expanded(mask, sizes), args.schema().qualified())}, device)};
}

void masked_select_compute(const CallArguments& args, std::span<const Tensor> results) {
  const Dims sizes = masked_sizes(args);
  const Tensor self = expanded(args.tensor(0), sizes), &out = results[0];
  const std::vector<int64_t> from = cpu::positions_of(self.sizes(), self.strides());
  int64_t to = 0;
  for_each_nonzero(expanded(args.tensor(1), sizes), [&](int64_t number) {
    std::memcpy(cpu::address_of(out, to), cpu::address_of(self, from[static_cast<size_t>(number)]),
                size_of(self.dtype()));
    to += out.stride(0);
  });
}

// Selecting from the numbers of all elements gives the origin of each result.
std::vector<Tensor> masked_select_slopes(Backward& at) {
  const Tensor& self = at.argument(0);
  const int64_t count = self.element_count();
  const Value device = self.device();
  const Tensor numbers = at.ops("aten::arange", {count, Value(), Value(), device});
  const Tensor places =
      at.ops("aten::masked_select", {at.ops("aten::view", {numbers, self.sizes().copy()}), at.argument(1)});
  const Tensor zeros = at.ops("aten::zeros", {Dims{count}, at.grad().dtype(), Value(), device});
  const Tensor summed = at.ops("aten::scatter_add", {zeros, 0, places, at.grad()});
  return {at.ops("aten::view", {summed, self.sizes().copy()}), Tensor()};
}

const Family masks_family{{
    named({.name = "nonzero", .in_place = false},
          {.rule = nonzero_rule,
           .compute = host_compute(nonzero_compute),
           .needs_data = true,
           .domain = "self = tensor(S...) | tensor(N) bool | tensor(N, M) bool ; let dtype = any",
           .accuracy = accuracy::exact}),
    named({.name = "masked_select", .arguments = "Tensor self, Tensor mask", .in_place = false},
          {.rule = masked_select_rule,
           .compute = host_compute(masked_select_compute),
           .needs_data = true,
           .derivative = saving<0b10>(masked_select_slopes),
           .domain = "self = tensor(broadcast(S...)) ; let dtype = any ; mask = tensor(broadcast(S...)) bool",
           .accuracy = accuracy::exact}),
}};

}  // namespace

void require_bools(const Tensor& mask) {
  if (mask.dtype() != DType::b8) throw Error("masked_select: expected BoolTensor for mask");
}

Tensor nonzero_positions(const Tensor& mask, const std::string& op) {
  const Tensor here = readable(mask, op);
  const int64_t count = count_nonzero(here, op);
  const auto rank = static_cast<int64_t>(mask.rank());
  const Tensor positions = make_strided_tensor(DType::i64, Dims{count, rank}, Dims{1, count});
  write_positions(here, positions);
  return positions;
}

}  // namespace engine::ops
