#include "engine/autograd/declared_node.h"

#include <fmt/core.h>

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
  if (!tensor.defined()) return tensor;
  if (!elements) return shape_of(tensor);
  if (written) return ops::Formulas(op_.dispatcher())("aten::clone", {tensor});
  if (tensor.storage()) seen_.push_back({tensor.storage(), tensor.version()});
  return plain_alias(tensor);
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

Gradients DeclaredNode::apply(Dispatcher& dispatcher, Gradients arrived) {
  check_versions();
  arrived.resize(results_.size());
  ops::Backward at(dispatcher, op_.schema(), arguments_, results_, std::move(arrived));
  return derivative_.formula(at);
}

}  // namespace engine::autograd
