#include "engine/autograd/recorded_call.h"

#include <algorithm>
#include <bit>

#include "engine/autograd/copy_slices.h"
#include "engine/autograd/history.h"
#include "engine/core/each_tensor.h"
#include "engine/dispatch/written_tensors.h"

namespace engine::autograd {

// A plain tensor is the fast path.
bool any_requires_grad(const Call& call, std::span<const Value> arguments) {
  bool found = false;
  for (uint64_t left = call.entry.declaration()->key_positions; left != 0; left &= left - 1) {
    const Value& value = arguments[static_cast<size_t>(std::countr_zero(left))];
    if (value.is_tensor())
      found = found || (value.tensor().defined() && requires_grad(value.tensor()));
    else
      for_each_tensor(
          value, [&](const Tensor& tensor) { found = found || (tensor.defined() && requires_grad(tensor)); });
  }
  return found;
}

void call_below(const Call& call, Stack& stack) {
  call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::AutogradOther), stack);
}

// The tensors that the call writes, each once.
std::vector<WrittenOnce> written_by(const Schema& schema, std::span<const Value> arguments) {
  std::vector<WrittenOnce> found;
  for_each_written_tensor(schema, arguments, [&](const WrittenTensor& written) {
    const auto is_this = [&](const WrittenOnce& each) { return each.tensor.is_same(written.tensor); };
    if (std::none_of(found.begin(), found.end(), is_this)) found.push_back({written.tensor, written.place});
  });
  return found;
}

bool is_among(const Tensor& tensor, std::span<const Value> values) {
  bool found = false;
  for_each_tensor(values, [&](const Tensor& each) { found = found || each.is_same(tensor); });
  return found;
}

std::vector<Edge> edges_of(std::span<const Value> arguments) {
  std::vector<Edge> edges;
  for_each_tensor(arguments, [&](const Tensor& tensor) {
    edges.push_back(tensor.defined() && differentiable(tensor.dtype()) ? edge_of(tensor) : Edge{});
  });
  return edges;
}

// Makes a written tensor the node's output number `output`. A write into a view is a write into its base.
void rebase(const WrittenOnce& written, const Intrusive<Node>& node, size_t output) {
  const View* const view = view_of(written.tensor);
  if (!view) return set_history(written.tensor, node, output);
  const Tensor base = view->base;
  const CopySlices::Write write{node, written.edge, output};
  set_history(base, make_intrusive<CopySlices>(*view, write, edge_of(base)), 0);
  follow_base(written.tensor);
}

// The results of the call, then the written tensors that it does not return.
std::vector<Tensor> outputs_of(std::span<const Value> results, std::span<const WrittenOnce> written) {
  std::vector<Tensor> outputs;
  for_each_tensor(results, [&](const Tensor& tensor) { outputs.push_back(tensor); });
  for (const WrittenOnce& each : written)
    if (!is_among(each.tensor, results)) outputs.push_back(each.tensor);
  return outputs;
}

size_t place_of(const Tensor& tensor, std::span<const Tensor> outputs) {
  const auto is_this = [&](const Tensor& each) { return each.is_same(tensor); };
  return static_cast<size_t>(std::find_if(outputs.begin(), outputs.end(), is_this) - outputs.begin());
}

}  // namespace engine::autograd
