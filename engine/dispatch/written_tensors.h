// for_each_written_tensor: visits the tensors that a call writes by its schema.
// Promises: visits every defined tensor of every written argument in order, also those in optionals and
// lists. A tensor that is passed twice is visited twice.
#pragma once

#include <span>

#include "engine/core/each_tensor.h"
#include "engine/dispatch/schema.h"

namespace engine {

struct WrittenTensor {
  const Argument& argument;
  const Tensor& tensor;
  size_t place;  // its number among all tensors of the call's arguments, in the order of for_each_tensor
};

template <class Visit>
void for_each_written_tensor(const Schema& schema, std::span<const Value> arguments, const Visit& visit) {
  size_t place = 0;
  for (size_t i = 0; i < arguments.size(); ++i)
    for_each_tensor(arguments[i], [&](const Tensor& tensor) {
      const size_t own = place++;
      if (schema.arguments[i].is_write() && tensor.defined())
        visit(WrittenTensor{schema.arguments[i], tensor, own});
    });
}

}  // namespace engine
