#include "engine/ops/call_arguments.h"

#include "engine/core/error.h"

namespace engine::ops {

std::string CallArguments::operator_name() const {
  const size_t space = schema_.name.rfind(':');
  return space == std::string::npos ? schema_.name : schema_.name.substr(space + 1);
}

const Tensor& CallArguments::tensor(size_t i) const {
  const Tensor& tensor = values_[i].tensor();
  if (!tensor.defined())
    throw Error("expected a tensor for argument '" + schema_.arguments[i].name + "' of " + operator_name() +
                ", and it is undefined");
  return tensor;
}

std::span<const Tensor> CallArguments::tensors(size_t i) const {
  const std::vector<Tensor>& list = values_[i].tensors();
  for (const Tensor& tensor : list)
    if (!tensor.defined())
      throw Error("a tensor in the list '" + schema_.arguments[i].name + "' of " + operator_name() +
                  " is undefined");
  return list;
}

}  // namespace engine::ops
