#include "engine/autograd/record.h"

#include "engine/autograd/declared_node.h"
#include "engine/autograd/forward_call.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/autograd/record_views.h"
#include "engine/autograd/recorded_call.h"
#include "engine/autograd/write_checks.h"
#include "engine/core/error.h"
#include "engine/dispatch/boxing.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/thread_keys.h"

namespace engine::autograd {

namespace {

std::string_view name_in(std::string_view schema) { return schema.substr(0, schema.find('(')); }

}  // namespace

void RecordCalls::operator()(const Call& call, Stack& stack) const {
  const std::span<const Value> arguments = stack.last(call.schema().arguments.size());
  if (DualLevel::any_open()) [[unlikely]]
    if (const uint64_t level = innermost_level(arguments))
      return ForwardCall{*declaration, form, level}.run(call, stack);
  if (GradMode::enabled() && any_requires_grad(call, arguments))
    record(call, stack);
  else
    call_below(call, stack);
}

void RecordCalls::record(const Call& call, Stack& stack) const {
  const Schema& schema = call.schema();
  const size_t count = schema.arguments.size();
  const std::vector<Value> arguments(stack.end() - count, stack.end());
  if (resizes) throw Error("cannot resize variables that require grad");
  check_writes(schema, arguments);
  const std::vector<WrittenOnce> written = written_by(schema, arguments);
  const size_t below = stack.size() - count;
  const Intrusive<DeclaredNode> node =
      make_intrusive<DeclaredNode>(call.op(), *declaration, arguments, edges_of(arguments));
  {
    // Views and writes are noted by the layer below; a functional call needs no kernel there.
    const bool functional = !makes_views && written.empty();
    const ExcludeKeys guard(functional ? autograd_keys.add(DispatchKey::ADInplaceOrView) : autograd_keys);
    call_below(call, stack);
  }
  const std::vector<Tensor> outputs = outputs_of(stack.last(stack.size() - below), written);
  node->save_results(outputs);
  const bool reshapes = makes_views && form == ops::Form::in_place;
  for (size_t k = 0; k < outputs.size(); ++k)
    if (outputs[k].defined() && differentiable(outputs[k].dtype()) &&
        (reshapes || !is_among(outputs[k], arguments)))
      set_history(outputs[k], node, k);
  if (reshapes) return;
  for (const WrittenOnce& each : written)
    if (differentiable(each.tensor.dtype())) rebase(each, node, place_of(each.tensor, outputs));
}

Registrations register_autograd(Dispatcher& dispatcher, const ops::OperatorDeclaration& declaration) {
  Registrations made;
  const bool constant = declaration.derivative.constant, resizes = declaration.changes_geometry;
  if (declaration.kind == ops::OperatorKind::composite) return made;
  if (declaration.kind == ops::OperatorKind::view && !constant)
    for (const ops::Form form : declaration.forms())
      made.push_back(dispatcher.implement(name_in(declaration.schema(form)), DispatchKey::ADInplaceOrView,
                                          boxed_kernel_of(RecordViews{&declaration, form}),
                                          "engine/autograd"));
  if (!declaration.derivative && !constant && !resizes) return made;
  for (const ops::Form form : declaration.forms()) {
    const RecordCalls recording{.declaration = &declaration,
                                .form = form,
                                .makes_views = declaration.kind == ops::OperatorKind::view,
                                .resizes = resizes};
    made.push_back(dispatcher.implement(name_in(declaration.schema(form)), DispatchKey::Autograd,
                                        constant ? Kernel::fallthrough() : boxed_kernel_of(recording),
                                        "engine/autograd"));
  }
  return made;
}

Registrations register_autograd(Dispatcher& dispatcher) {
  Registrations made;
  for (const ops::OperatorDeclaration* declaration : ops::all_declarations())
    for (Registration& each : register_autograd(dispatcher, *declaration)) made.push_back(std::move(each));
  return made;
}

}  // namespace engine::autograd
