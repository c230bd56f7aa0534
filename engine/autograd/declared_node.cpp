#include "engine/autograd/declared_node.h"

#include <fmt/core.h>

#include "engine/autograd/forward_mode.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/autograd/inference_mode.h"
#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/core/shape.h"
#include "engine/dispatch/written_tensors.h"
#include "engine/ops/formulas.h"

namespace engine::autograd {

namespace {

// A view without history.
Tensor plain_alias(const Tensor& tensor) {
  Tensor alias = tensor.view(tensor.sizes(), tensor.strides(), tensor.offset());
  alias.set_wrapped(tensor.wrapped());
  return alias;
}

// With the tangents that were saved with it.
Tensor dual_alias(const Tensor& saved) {
  Tensor alias = plain_alias(saved);
  if (const std::vector<Tangent>* tangents = tangents_of(saved)) own_tangents(alias) = *tangents;
  return alias;
}

// A tensor like this one without data.
Tensor shape_of(const Tensor& tensor) {
  const size_t bytes = tensor.storage() ? tensor.storage()->bytes() : 0;
  return Tensor::over(make_storage_without_data(tensor.device(), bytes), tensor.dtype(), tensor.sizes(),
                      tensor.strides(), tensor.offset());
}

bool shares_with_written(const Tensor& tensor, const Schema& schema, std::span<const Value> arguments) {
  bool shares = false;
  for_each_written_tensor(schema, arguments, [&](const WrittenTensor& written) {
    shares = shares || written.tensor.shares_storage(tensor);
  });
  return shares;
}

}  // namespace

DeclaredNode::DeclaredNode(Operator op, const ops::OperatorDeclaration& declaration,
                           std::span<const Value> arguments, std::vector<Edge> edges)
    : Node(std::move(edges)), op_(op), derivative_(declaration.derivative) {
  const Schema& schema = op.schema();
  for (size_t i = 0; i < arguments.size(); ++i) {
    Value value = arguments[i];
    const bool elements = (derivative_.saves_arguments >> i & 1U) != 0;
    change_each_tensor(value, [&](Tensor& tensor) {
      tensor = kept(tensor, elements, elements && shares_with_written(tensor, schema, arguments));
    });
    arguments_.push_back(std::move(value));
  }
}

Tensor DeclaredNode::kept(const Tensor& tensor, bool elements, bool written) {
  const size_t number = kept_++;
  if (!tensor.defined()) return tensor;
  if (!elements) return shape_of(tensor);
  refuse_saving_inference(tensor);
  if (const SavedTensorHooks* hooks = SavedTensorHooks::current()) {
    const NoGrad off;
    packed_.push_back({number, hooks->pack(plain_alias(tensor)), hooks->unpack});
    return shape_of(tensor);
  }
  if (written) return ops::Formulas(op_.dispatcher())("aten::clone", {tensor});
  if (tensor.storage()) seen_.push_back({tensor.storage(), tensor.version()});
  const Tensor alias = plain_alias(tensor);
  copy_tangents(op_.dispatcher(), tensor, alias);
  return alias;
}

void DeclaredNode::save_results(std::span<const Tensor> results) {
  for (size_t k = 0; k < results.size(); ++k)
    results_.push_back(kept(results[k], (derivative_.saves_results >> k & 1U) != 0, false));
}

void DeclaredNode::check_versions() const {
  for (const Seen& seen : seen_)
    if (seen.storage->version() != seen.version)
      throw Error(fmt::format(
          "one of the variables needed for gradient computation has been modified by an inplace operation: "
          "saved by {}, it is at version {}; expected version {} instead",
          name(), seen.storage->version(), seen.version));
}

// Without its history: that may lead to this node, which would then own itself.
void DeclaredNode::save_tangent(size_t result, const Tensor& tangent, uint64_t level) {
  if (released_ || (derivative_.saves_results >> result & 1U) == 0 || !results_[result].defined()) return;
  own_tangents(results_[result]).push_back({level, plain_alias(tangent)});
}

void DeclaredNode::release() {
  if (derivative_.saves_arguments == 0 && derivative_.saves_results == 0) return;
  released_ = true;
  arguments_.clear();
  results_.clear();
  seen_.clear();
  packed_.clear();
}

void DeclaredNode::unpack(std::vector<Value>& arguments, std::vector<Tensor>& results) const {
  const NoGrad off;
  size_t number = 0;
  const auto replace = [&](Tensor& tensor) {
    for (const PackedTensor& each : packed_)
      if (each.number == number) tensor = plain_alias(each.unpack(each.packed));
    ++number;
  };
  for (Value& value : arguments) change_each_tensor(value, replace);
  for (Tensor& tensor : results) replace(tensor);
}

// Of those whose elements were saved: the others are constants.
void DeclaredNode::attach_histories(std::vector<Value>& arguments, std::vector<Tensor>& results) {
  size_t number = 0;
  for (size_t i = 0; i < arguments.size(); ++i)
    change_each_tensor(arguments[i], [&](Tensor& tensor) {
      const Edge& edge = edges()[number++];
      if (!edge || !tensor.defined() || (derivative_.saves_arguments >> i & 1U) == 0) return;
      tensor = dual_alias(tensor);
      set_history(tensor, edge.node, edge.input);
    });
  for (size_t k = 0; k < results.size(); ++k) {
    if (!results[k].defined() || !differentiable(results[k].dtype())) continue;
    if ((derivative_.saves_results >> k & 1U) == 0) continue;
    results[k] = dual_alias(results[k]);
    set_history(results[k], Intrusive<Node>(this), k);
  }
}

Gradients DeclaredNode::apply(Dispatcher& dispatcher, Gradients arrived) {
  if (released_)
    throw Error(
        "Trying to backward through the graph a second time (or directly access saved tensors after they "
        "have already been freed).");
  check_versions();
  arrived.resize(results_.size());
  if (packed_.empty() && !GradMode::enabled()) {
    ops::Backward at(dispatcher, op_.schema(), arguments_, results_, std::move(arrived));
    return derivative_.formula(at);
  }
  std::vector<Value> arguments = arguments_;
  std::vector<Tensor> results = results_;
  if (!packed_.empty()) unpack(arguments, results);
  if (GradMode::enabled()) attach_histories(arguments, results);
  ops::Backward at(dispatcher, op_.schema(), std::move(arguments), std::move(results), std::move(arrived));
  return derivative_.formula(at);
}

}  // namespace engine::autograd
