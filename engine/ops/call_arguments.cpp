#include "engine/ops/call_arguments.h"

#include <fmt/core.h>

#include "engine/core/error.h"

namespace engine::ops {

std::string CallArguments::operator_name() const {
  return schema_.name.substr(schema_.name.rfind(':') + 1);  // all of it without a namespace
}

void CallArguments::refuse_dtype(DType dtype) const {
  throw Error(fmt::format("\"{}\" not implemented for '{}'", operator_name(), name_of(dtype)),
              ErrorKind::not_implemented);
}

const Tensor& CallArguments::tensor(size_t i) const {
  const Tensor& tensor = values_[i].tensor();
  if (!tensor.defined())
    // corpora/known/peer-undefined-passes.json matches the beginning of this message.
    throw Error(fmt::format("expected a tensor for argument '{}' of {}, and it is undefined",
                            schema_.arguments[i].name, operator_name()));
  return tensor;
}

std::span<const Tensor> CallArguments::tensors(size_t i) const {
  const std::vector<Tensor>& list = values_[i].tensors();
  for (const Tensor& tensor : list)
    if (!tensor.defined())
      throw Error(fmt::format("a tensor in the list '{}' of {} is undefined", schema_.arguments[i].name,
                              operator_name()));
  return list;
}

}  // namespace engine::ops
