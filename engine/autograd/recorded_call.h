// What kernels at the Autograd keys share: which tensors of a call require grad, which it writes and returns,
// and how these get the history of a node.
#pragma once

#include <vector>

#include "engine/autograd/node.h"
#include "engine/core/value.h"
#include "engine/dispatch/operator.h"

namespace engine::autograd {

bool any_requires_grad(const Call& call, std::span<const Value> arguments);
// Calls the kernels below autograd.
void call_below(const Call& call, Stack& stack);

struct WrittenOnce {
  Tensor tensor;
  size_t edge;  // of the call's node, for the tensor before the write
};
// The tensors that a call writes, each once.
std::vector<WrittenOnce> written_by(const Schema& schema, std::span<const Value> arguments);
bool is_among(const Tensor& tensor, std::span<const Value> values);
// One for each tensor of the arguments; no edge for those that require no grad.
std::vector<Edge> edges_of(std::span<const Value> arguments);
// The results of the call, then the written tensors that it does not return.
std::vector<Tensor> outputs_of(std::span<const Value> results, std::span<const WrittenOnce> written);
// Makes a written tensor the node's output number `output`. A write into a view is a write into its base.
void rebase(const WrittenOnce& written, const Intrusive<Node>& node, size_t output);
size_t place_of(const Tensor& tensor, std::span<const Tensor> outputs);

}  // namespace engine::autograd
