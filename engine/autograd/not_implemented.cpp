#include "engine/autograd/not_implemented.h"

#include <fmt/core.h>

#include <atomic>

#include "engine/autograd/forward_mode.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/autograd/inference_mode.h"
#include "engine/autograd/record_views.h"
#include "engine/autograd/recorded_call.h"
#include "engine/autograd/schema_effects.h"
#include "engine/autograd/write_checks.h"
#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/core/warning.h"
#include "engine/dispatch/operator.h"
#include "engine/dispatch/thread_keys.h"
#include "engine/dispatch/written_tensors.h"

namespace engine::autograd {

namespace {

std::atomic<FallbackMode> mode_of_fallback{FallbackMode::error};

constexpr KeySet below_views = autograd_keys | KeySet{DispatchKey::ADInplaceOrView};

void warn_not_implemented(const std::string& op) {
  warn(fmt::format(
      "{}: an autograd kernel was not registered to the Autograd key(s) but we are trying to backprop "
      "through it. This may lead to silently incorrect behavior. Register a derivative, or "
      "not_implemented() if the operator has none, or Kernel::fallthrough() to silence this warning.",
      op));
}

// Warns once an execution, and passes no gradient on.
class WarnNotImplemented final : public Node {
 public:
  WarnNotImplemented(std::string op, std::vector<Edge> edges) : Node(std::move(edges)), op_(std::move(op)) {}
  Gradients apply(Dispatcher&, Gradients) override {
    warn_not_implemented(op_);
    return Gradients(edges().size());
  }
  std::string name() const override { return "WarnNotImplemented of " + op_; }

 private:
  std::string op_;
};

void warn_when_a_gradient_flows(const Tensor& tensor, const std::string& op) {
  add_hook(tensor, [op](const Tensor&) {
    warn_not_implemented(op);
    return Tensor();
  });
}

void mark_warned(const Call& call, std::span<const Value> results, const Intrusive<Node>& node) {
  const std::vector<Argument>& returns = call.schema().returns;
  size_t number = 0;
  for (size_t i = 0; i < results.size(); ++i)
    for_each_tensor(results[i], [&](const Tensor& tensor) {
      const size_t own = number++;
      if (!tensor.defined() || !differentiable(tensor.dtype())) return;
      const bool written = i < returns.size() && returns[i].is_write();
      if (requires_grad(tensor)) {
        warn_when_a_gradient_flows(tensor, call.op().name());
        const View* const view = view_of(tensor);
        if (written && view && requires_grad(view->base))
          warn_when_a_gradient_flows(view->base, call.op().name());
      } else if (!written) {
        set_history(tensor, node, own);
      }
    });
}

void serve_with_warnings(const Call& call, Stack& stack) {
  const size_t count = call.schema().arguments.size(), below = stack.size() - count;
  if (!GradMode::enabled() || !any_requires_grad(call, stack.last(count))) return call_below(call, stack);
  const auto node = make_intrusive<WarnNotImplemented>(call.op().name(), edges_of(stack.last(count)));
  call_below(call, stack);
  mark_warned(call, stack.last(stack.size() - below), node);
}

// Calls the kernel in the way that NotDifferentiable nodes need, and gives results and written tensors
// histories.
template <class Below>
void record_not_differentiable(const Call& call, Stack& stack, const Below& run_below) {
  const Schema& schema = call.schema();
  const size_t count = schema.arguments.size(), below = stack.size() - count;
  const std::vector<Value> arguments(stack.end() - count, stack.end());
  check_writes(schema, arguments);
  const std::vector<WrittenOnce> written = written_by(schema, arguments);
  const auto node = make_intrusive<NotDifferentiable>(call.op().name(), edges_of(arguments));
  run_below();
  const std::vector<Tensor> outputs = outputs_of(stack.last(stack.size() - below), written);
  for (size_t k = 0; k < outputs.size(); ++k)
    if (outputs[k].defined() && differentiable(outputs[k].dtype()) && !is_among(outputs[k], arguments))
      set_history(outputs[k], node, k);
  for (const WrittenOnce& each : written)
    if (differentiable(each.tensor.dtype())) rebase(each, node, place_of(each.tensor, outputs));
}

void refuse_duals(const Call& call, std::span<const Value> arguments) {
  if (DualLevel::any_open() && innermost_level(arguments) != 0)
    throw Error("Trying to use forward AD with " + call.op().name() +
                    " that does not support it because it has not been implemented yet.",
                ErrorKind::not_implemented);
}

void serve_with_errors(const Call& call, Stack& stack) {
  const size_t count = call.schema().arguments.size(), below = stack.size() - count;
  refuse_duals(call, stack.last(count));
  const std::vector<Argument>& returns = call.schema().returns;
  // The layer below has no kernel for an undeclared operator, so a view that it returns is noted here.
  const bool views = !returns.empty() && returns[0].alias && !returns[0].is_write() && count > 0 &&
                     stack.last(count)[0].is_tensor();
  std::optional<ViewsMade> made;
  if (views) made.emplace(call.op(), stack.last(count));
  const auto run_below = [&] {
    const BelowAutograd guard;
    call_below(call, stack);
  };
  if (GradMode::enabled() && any_requires_grad(call, stack.last(count)))
    record_not_differentiable(call, stack, run_below);
  else
    call_below(call, stack);
  if (made) made->note(stack.last(stack.size() - below));
}

void serve_not_implemented(const Call& call, Stack& stack) {
  const SchemaEffects effects(call.schema());
  const size_t count = call.schema().arguments.size();
  refuse_duals(call, stack.last(count));
  const DebugChecks checks(call, stack);
  const auto run_below = [&] {
    if (effects.writes || effects.views) {
      const BelowAutograd guard;
      return call_below(call, stack);
    }
    const ExcludeKeys guard(below_views);
    call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::ADInplaceOrView), stack);
  };
  if (GradMode::enabled() && any_requires_grad(call, stack.last(count)))
    record_not_differentiable(call, stack, run_below);
  else
    run_below();
  checks.after(stack);
}

ViewMade opt_in_view(bool is_list) {
  if (InferenceMode::enabled()) return ViewMade::in_inference;
  if (!GradMode::enabled()) return ViewMade::without_grad;
  return is_list ? ViewMade::one_of_several : ViewMade::by_custom_function;
}

void serve_in_place_or_view(const Call& call, Stack& stack) {
  const SchemaEffects effects(call.schema());
  effects.check_places(call.schema());
  const size_t count = call.schema().arguments.size(), below = stack.size() - count;
  std::vector<Tensor> written;
  for_each_written_tensor(call.schema(), stack.last(count),
                          [&](const WrittenTensor& each) { written.push_back(each.tensor); });
  for (const Tensor& tensor : written) refuse_writing_inference(tensor);
  for (const Argument& each : call.schema().returns)
    if (each.is_write() && each.type.kind == TypeKind::list)
      throw Error(call.op().name() +
                  ": a written list cannot be returned by an operator without a derivative");
  std::optional<ViewsMade> views;
  if (effects.views && stack.last(count)[0].is_tensor()) views.emplace(call.op(), stack.last(count));
  {
    const ExcludeKeys guard(below_views);
    call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::ADInplaceOrView), stack);
  }
  for (const Tensor& tensor : written)
    if (!is_inference(tensor)) tensor.bump_version();
  if (!views) return;
  const std::span<const Value> results = stack.last(stack.size() - below);
  views->made(opt_in_view(!results.empty() && !results[0].is_tensor()));
  views->note(results);
}

}  // namespace

FallbackMode fallback_mode() { return mode_of_fallback.load(std::memory_order_relaxed); }
void set_fallback_mode(FallbackMode mode) { mode_of_fallback.store(mode, std::memory_order_relaxed); }

Kernel not_differentiable() {
  return Kernel::from_boxed([](const Call& call, Stack& stack) {
    switch (fallback_mode()) {
      case FallbackMode::nothing:
        return call_below(call, stack);
      case FallbackMode::warn:
        return serve_with_warnings(call, stack);
      case FallbackMode::error:
        return serve_with_errors(call, stack);
    }
  });
}

Kernel not_implemented() { return Kernel::from_boxed(serve_not_implemented); }
Kernel not_implemented_in_place_or_view() { return Kernel::from_boxed(serve_in_place_or_view); }

}  // namespace engine::autograd
