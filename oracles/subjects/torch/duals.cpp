#include "oracles/subjects/torch/duals.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

#include <algorithm>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
#include "oracles/gradients/tangents.h"
#include "oracles/subjects/torch/snapshot.h"

namespace oracles::aten {

namespace {

// The tangents of a whole storage.
c10::Storage tangent_storage(engine::DType dtype, const std::vector<double>& tangents) {
  const size_t width = engine::size_of(dtype) / static_cast<size_t>(components_of(dtype));
  std::vector<std::byte> bytes(tangents.size() * width);
  for (size_t i = 0; i < tangents.size(); ++i) store_component(dtype, tangents[i], bytes.data() + i * width);
  return filled_storage(bytes);
}

}  // namespace

Duals::Duals(Inputs& inputs, const corpora::Case& c)
    : inputs_(inputs),
      storages_(static_cast<int32_t>(c.storages.size())),
      level_(torch::autograd::forward_ad::enter_dual_level()) {
  const Point tangents = tangents_of(c, TangentDraw::of(inputs.dual));
  for (size_t i = 0; i < inputs.inputs.size(); ++i) {
    const auto s = static_cast<size_t>(c.inputs[i].storage);
    const engine::DType dtype = c.storages[s].dtype;
    if (!is_differentiable(dtype) || TangentDraw::of(inputs.dual).holds(s)) continue;
    // The geometry of the input, or libtorch would copy it, which it cannot for elements that overlap.
    const corpora::Input& view = c.inputs[i];
    const at::Tensor tangent =
        tensor_on(tangent_storage(dtype, tangents[s]), dtype, c10::DispatchKeySet(c10::DispatchKey::CPU),
                  view.sizes, view.strides, view.offset);
    inputs.inputs[i].tensor._set_fw_grad(tangent, level_, /*is_inplace_op=*/false);
  }
}

Duals::~Duals() { torch::autograd::forward_ad::exit_dual_level(level_); }

void Duals::after_call(std::span<const at::Tensor> results) {
  const at::NoGradGuard no_grad;
  for (const at::Tensor& result : results) {
    TensorSnapshot& tangent = tangents_.gradients.emplace_back();
    const at::Tensor found = result.defined() ? result._fw_grad(level_) : at::Tensor();
    tangent.defined = found.defined();
    if (found.defined()) Snapshots(inputs_, storages_).tensor(found, tangent);
  }
}

}  // namespace oracles::aten
