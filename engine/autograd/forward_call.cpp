#include "engine/autograd/forward_call.h"

#include <algorithm>

#include "engine/autograd/backward.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/autograd/recorded_call.h"
#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/dispatch/written_tensors.h"
#include "engine/ops/formulas.h"

namespace engine::autograd {

namespace {

// What the formula reads, and the tangents of the arguments.
struct Linearised {
  Dispatcher& dispatcher;
  const Schema& schema;
  const ops::OperatorDeclaration& declaration;
  std::vector<Value> arguments;  // as they were before the call
  std::vector<Tensor> tangents;  // one for each tensor of the arguments; undefined if it is not dual
  std::vector<Tensor> results;

  Gradients formula(std::vector<Tensor> gradients) const {
    ops::Backward at(dispatcher, schema, arguments, results, std::move(gradients));
    return declaration.derivative.formula(at);
  }
};

std::vector<Tensor> argument_tensors(std::span<const Value> arguments) {
  std::vector<Tensor> found;
  for_each_tensor(arguments, [&](const Tensor& tensor) { found.push_back(tensor); });
  return found;
}

// Written arguments are copied if the formula reads them.
std::vector<Value> kept_arguments(const Call& call, std::span<const Value> arguments, uint32_t read) {
  std::vector<Value> kept(arguments.begin(), arguments.end());
  const std::vector<WrittenOnce> written = written_by(call.schema(), arguments);
  for (size_t i = 0; i < kept.size() && !written.empty(); ++i)
    if ((read >> i & 1U) != 0)
      change_each_tensor(kept[i], [&](Tensor& tensor) {
        const bool shares = std::ranges::any_of(
            written, [&](const WrittenOnce& each) { return each.tensor.shares_storage(tensor); });
        if (shares) tensor = ops::Formulas(call.dispatcher())("aten::clone", {tensor});
      });
  return kept;
}

bool is_diagonal(const Linearised& at) {
  if (!at.declaration.pointwise || at.declaration.derivative.overwrites || at.results.size() != 1)
    return false;
  const Tensor& result = at.results[0];
  const std::vector<Tensor> arguments = argument_tensors(at.arguments);
  for (size_t i = 0; i < arguments.size(); ++i)
    if (at.tangents[i].defined() &&
        (arguments[i].sizes() != result.sizes() || arguments[i].dtype() != result.dtype()))
      return false;
  return is_floating(result.dtype());
}

Tensor zero_tangent(const Tensor& result) {
  return make_zero_tensor(result.dtype(), result.sizes(), result.device());
}

Tensor by_diagonal(const Linearised& at) {
  const ops::Formulas ops(at.dispatcher);
  Tensor sum;
  for (size_t i = 0; i < at.tangents.size(); ++i) {
    if (!at.tangents[i].defined() || at.tangents[i].is_zero()) continue;
    const Tensor part = at.formula({at.tangents[i]})[i];
    if (part.defined()) sum = sum.defined() ? ops.add(sum, part) : part;
  }
  return sum.defined() ? sum : zero_tangent(at.results[0]);
}

// The formula is linear in the gradients, so that it may be run at zeros, which need no memory.
std::vector<Tensor> by_transpose(const Linearised& at) {
  const bool recording = GradMode::enabled();
  const GradMode on(true);
  std::vector<Tensor> gradients, chosen;
  for (const Tensor& result : at.results) {
    gradients.emplace_back();
    if (!result.defined() || !differentiable(result.dtype())) continue;
    require_grad(gradients.back() = zero_tangent(result));
    chosen.push_back(gradients.back());
  }
  if (chosen.empty()) return gradients;  // all results are integers
  const Gradients found = at.formula(gradients);
  std::vector<Seed> seeds;
  for (size_t i = 0; i < found.size(); ++i)
    if (found[i].defined() && at.tangents[i].defined() && !at.tangents[i].is_zero())
      if (Edge edge = edge_of(found[i])) seeds.push_back({std::move(edge), at.tangents[i]});
  const Gradients of_chosen =
      grad(at.dispatcher, seeds, chosen, {.create_graph = recording, .allow_unused = true});
  std::vector<Tensor> made;
  size_t next = 0;
  for (size_t k = 0; k < at.results.size(); ++k) {
    made.emplace_back();
    if (!gradients[k].defined()) continue;
    const Tensor& tangent = of_chosen[next++];
    made.back() = tangent.defined() ? tangent : zero_tangent(at.results[k]);
  }
  return made;
}

std::vector<Tensor> result_tangents(const Linearised& at) {
  if (is_diagonal(at)) return {by_diagonal(at)};
  return by_transpose(at);
}

void refuse(const Call& call, const ops::OperatorDeclaration& declaration, std::span<const Value> arguments) {
  if (declaration.changes_geometry) throw Error("cannot resize dual tensors");
  if (!declaration.derivative)
    throw Error("Trying to use forward AD with " + call.op().name() +
                    " that does not support it because it has not been implemented yet.",
                ErrorKind::not_implemented);
  for_each_written_tensor(call.schema(), arguments, [&](const WrittenTensor& written) {
    if (written.argument.is_out())
      throw Error(
          call.schema().qualified() +
          "(): functions with out=... arguments don't support automatic differentiation, but one of the "
          "arguments has a tangent.");
  });
}

}  // namespace

void ForwardCall::run(const Call& call, Stack& stack) const {
  Dispatcher& dispatcher = call.dispatcher();
  const size_t count = call.schema().arguments.size(), below = stack.size() - count;
  const std::vector<Value> arguments(stack.end() - count, stack.end());
  refuse(call, declaration, arguments);
  std::vector<Tensor> tangents;
  for (const Tensor& tensor : argument_tensors(arguments))
    tangents.push_back(tangent_of(dispatcher, tensor, level));
  const HideLevels hide(level);
  const bool is_view = declaration.kind == ops::OperatorKind::view;
  if (is_view && form == ops::Form::functional)  // the tangent is a view of the base's
    return call.op().redispatch_boxed(call.keys, stack);
  std::vector<Value> kept = kept_arguments(call, arguments, declaration.derivative.saves_arguments);
  call.op().redispatch_boxed(call.keys, stack);
  const std::vector<WrittenOnce> written = written_by(call.schema(), arguments);
  const std::vector<Tensor> outputs = outputs_of(stack.last(stack.size() - below), written);
  if (is_view) {  // reshaped in place
    if (view_of(outputs[0])) return;
    std::vector<Value> given(arguments.begin(), arguments.end());
    given[0] = tangents[0];
    const std::string_view name = std::string_view(declaration.functional);
    const Tensor reshaped = ops::Formulas(dispatcher)(name.substr(0, name.find('(')), std::move(given));
    return set_tangent(dispatcher, outputs[0], reshaped, level);
  }
  const Linearised at{dispatcher, call.schema(), declaration, std::move(kept), std::move(tangents), outputs};
  const std::vector<Tensor> made = result_tangents(at);
  for (size_t k = 0; k < made.size(); ++k) {
    const bool is_written = std::ranges::any_of(
        written, [&](const WrittenOnce& each) { return each.tensor.is_same(outputs[k]); });
    if (!made[k].defined() || (!is_written && is_among(outputs[k], arguments))) continue;
    set_tangent(dispatcher, outputs[k], made[k], level);
    const View* const view = view_of(outputs[k]);
    if (const Edge edge = edge_of(view ? view->base : outputs[k]))
      edge.node->save_tangent(edge.input, made[k], level);
  }
}

}  // namespace engine::autograd
