#include "engine/fake/data_dependent.h"

#include <algorithm>

#include "engine/core/attachment.h"
#include "engine/core/error.h"
#include "engine/core/symbolic_geometry.h"
#include "engine/dispatch/operator.h"
#include "engine/ops/masks.h"
#include "engine/ops/shape_rules.h"

namespace engine::fake {

namespace {

// What a tensor has given.
struct Given : AttachmentOf<Given> {
  std::string_view what;
  uint32_t version = 0, epoch = 0;
  SymInt symbol;
};

template <class Make>
SymInt memoised(const Tensor& tensor, std::string_view what, ShapeEnv& shapes, const Make& make) {
  auto* given = attachment_of<Given>(tensor, [&](const Given& each) { return each.what == what; });
  if (given && given->version == tensor.version() && given->epoch == shapes.epoch()) return given->symbol;
  if (!given) {
    const auto made = make_intrusive<Given>();
    made->what = what;
    given = made.get();
    attach(tensor, made);
  }
  given->symbol = make();
  given->version = tensor.version();
  given->epoch = shapes.epoch();
  return given->symbol;
}

// How many elements of a mask are true.
SymInt count_in(const Tensor& mask, ShapeEnv& shapes) {
  return memoised(mask, "nonzero", shapes, [&] {
    return mask.element_count() == 0 ? SymInt(0) : shapes.unbacked(0, mask.element_count());
  });
}

Tensor with_symbols(DType dtype, const SymDims& sizes, const SymDims& strides) {
  Dims size_hints, stride_hints;
  for (const SymInt& each : sizes) size_hints.push_back(each.hint());
  for (const SymInt& each : strides) stride_hints.push_back(each.hint());
  const Tensor made = make_strided_tensor(dtype, size_hints, stride_hints, DeviceType::meta);
  set_symbolic_geometry(made, sizes, strides, 0);
  return made;
}

Tensor contiguous_with_symbols(DType dtype, const SymDims& sizes) {
  return with_symbols(dtype, sizes, ops::contiguous_strides_of<SymInt>(span_of(sizes)));
}

bool item(Stack& stack, ShapeEnv& shapes) {
  const Tensor self = stack[0].tensor();
  if (self.element_count() != 1)
    throw Error(fmt::format("a Tensor with {} elements cannot be converted to Scalar", self.element_count()));
  if (!is_integral(self.dtype())) return false;  // real numbers cannot be symbols
  const bool boolean = self.dtype() == DType::b8;
  const SymInt symbol = memoised(self, "item", shapes, [&] {
    constexpr int64_t most = int64_t{1} << 62;
    return boolean ? shapes.unbacked(0, 1, true) : shapes.unbacked(-most, most);
  });
  stack.replace_last(1, Value(symbol));
  return true;
}

// Positions of true elements, one row for each: column by column in memory.
bool nonzero(Stack& stack, ShapeEnv& shapes) {
  const Tensor self = stack[0].tensor();
  const SymInt count = count_in(self, shapes);
  const SymInt columns = static_cast<int64_t>(self.rank());
  stack.replace_last(1, with_symbols(DType::i64, {count, columns}, {SymInt(1), count}));
  return true;
}

bool masked_select(Stack& stack, ShapeEnv& shapes) {
  const Tensor self = stack[0].tensor(), mask = stack[1].tensor();
  ops::require_bools(mask);
  ops::broadcast_sizes<SymInt>(span_of(sym_sizes(self)), span_of(sym_sizes(mask)));
  // The number of elements in the broadcast mask, which is not that of the mask.
  const bool same = self.sizes() == mask.sizes();
  const SymInt count = same ? count_in(mask, shapes) : shapes.unbacked(0, INT32_MAX);
  stack.replace_last(2, contiguous_with_symbols(self.dtype(), {count}));
  return true;
}

bool is_mask(const std::optional<Tensor>& index) {
  return index && index->defined() && ops::is_mask(index->dtype());
}

bool fits(const Tensor& mask, const Tensor& self, size_t first) {
  const SymDims wanted = sym_sizes(mask), own = sym_sizes(self);
  for (size_t d = 0; d < wanted.size(); ++d)
    if (first + d >= own.size() || !(wanted[d] == own[first + d])) return false;
  return true;
}

}  // namespace

bool has_masks(const Call& call, const Stack& stack) {
  return call.schema().name == "aten::index" && std::ranges::any_of(stack[1].optional_tensors(), is_mask);
}

bool replace_masks(const Call& call, Stack& stack, ShapeEnv& shapes) {
  if (!has_masks(call, stack) || !stack[0].tensor().defined()) return false;
  std::vector<std::optional<Tensor>> indices;
  for (const std::optional<Tensor>& each : stack[1].optional_tensors()) {
    if (!is_mask(each)) {
      indices.push_back(each);
      continue;
    }
    if (!fits(*each, stack[0].tensor(), indices.size())) return false;
    const SymDims sizes{count_in(*each, shapes)};
    for (size_t d = 0; d < each->rank(); ++d)
      indices.emplace_back(with_symbols(DType::i64, sizes, {SymInt(1)}));
  }
  stack[1] = Value(std::move(indices));
  return true;
}

bool answer_with_symbols(const Call& call, Stack& stack, ShapeEnv& shapes) {
  for (const Value& value : stack)
    if (value.is_tensor() && !value.tensor().defined()) return false;
  const std::string& name = call.entry.name();
  if (name == "aten::_local_scalar_dense") return item(stack, shapes);
  if (name == "aten::nonzero") return nonzero(stack, shapes);
  if (name == "aten::masked_select") return masked_select(stack, shapes);
  return false;
}

}  // namespace engine::fake
