#include "engine/autograd/record.h"

#include <algorithm>
#include <bit>

#include "engine/autograd/copy_slices.h"
#include "engine/autograd/declared_node.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/core/each_tensor.h"
#include "engine/core/error.h"
#include "engine/dispatch/boxing.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/thread_keys.h"
#include "engine/dispatch/written_tensors.h"
#include "engine/ops/geometry_rules.h"

namespace engine::autograd {

namespace {

using Arguments = std::span<const Value>;

std::string_view name_in(std::string_view schema) { return schema.substr(0, schema.find('(')); }

// A plain tensor is the fast path.
bool any_requires_grad(const Call& call, Arguments arguments) {
  bool found = false;
  for (uint64_t left = call.entry.declaration()->key_positions; left != 0; left &= left - 1) {
    const Value& value = arguments[static_cast<size_t>(std::countr_zero(left))];
    if (value.is_tensor())
      found = found || (value.tensor().defined() && requires_grad(value.tensor()));
    else
      for_each_tensor(
          value, [&](const Tensor& tensor) { found = found || (tensor.defined() && requires_grad(tensor)); });
  }
  return found;
}

void go_on(const Call& call, Stack& stack) {
  call.op().redispatch_boxed(call.keys & KeySet::full_after(DispatchKey::AutogradOther), stack);
}

struct Written {
  Tensor tensor;
  size_t edge;  // of the call's node, for the tensor before the write
};

// The tensors that the call writes, each once.
std::vector<Written> written_by(const Schema& schema, Arguments arguments) {
  std::vector<Written> found;
  for_each_written_tensor(schema, arguments, [&](const WrittenTensor& written) {
    const auto is_this = [&](const Written& each) { return each.tensor.is_same(written.tensor); };
    if (std::none_of(found.begin(), found.end(), is_this)) found.push_back({written.tensor, written.place});
  });
  return found;
}

bool is_among(const Tensor& tensor, Arguments values) {
  bool found = false;
  for_each_tensor(values, [&](const Tensor& each) { found = found || each.is_same(tensor); });
  return found;
}

// Refuses writes that cannot be recorded.
void check_write(const Tensor& to) {
  constexpr const char* leaf = "a leaf Variable that requires grad is being used in an in-place operation.";
  if (!differentiable(to.dtype())) return;  // no history is rewritten
  if (requires_grad(to) && is_leaf(to)) throw Error(leaf);
  const View* const view = view_of(to);
  if (!view) return;
  if (requires_grad(view->base) && is_leaf(view->base)) throw Error(std::string("a view of ") + leaf);
  if (view->unrecorded)
    throw Error("A view was created in no_grad mode and is being modified inplace with grad mode enabled.");
  if (ops::overlaps_itself(view->base))
    throw Error("a view is being modified inplace whose base reaches an element more than once.");
}

void check_writes(const Schema& schema, Arguments arguments) {
  for_each_written_tensor(schema, arguments, [&](const WrittenTensor& written) {
    if (written.argument.is_out())
      throw Error(schema.qualified() +
                  "(): functions with out=... arguments don't support automatic differentiation, but one of "
                  "the arguments requires grad.");
    check_write(written.tensor);
  });
}

std::vector<Edge> edges_of(Arguments arguments) {
  std::vector<Edge> edges;
  for_each_tensor(arguments, [&](const Tensor& tensor) {
    edges.push_back(tensor.defined() && differentiable(tensor.dtype()) ? edge_of(tensor) : Edge{});
  });
  return edges;
}

// Makes a written tensor the node's output number `output`. A write into a view is a write into its base.
void rebase(const Written& written, const Intrusive<Node>& node, size_t output) {
  const View* const view = view_of(written.tensor);
  if (!view) return set_history(written.tensor, node, output);
  const Tensor base = view->base;
  const CopySlices::Write write{node, written.edge, output};
  set_history(base, make_intrusive<CopySlices>(*view, write, edge_of(base)), 0);
  follow_base(written.tensor);
}

// The results of the call, then the written tensors that it does not return.
std::vector<Tensor> outputs_of(Arguments results, std::span<const Written> written) {
  std::vector<Tensor> outputs;
  for_each_tensor(results, [&](const Tensor& tensor) { outputs.push_back(tensor); });
  for (const Written& each : written)
    if (!is_among(each.tensor, results)) outputs.push_back(each.tensor);
  return outputs;
}

// Records the views that a call makes. Constructed before the call, which may change its arguments.
class ViewsMade {
 public:
  // `functional`: the form that returns a view, if the call reshapes in place.
  ViewsMade(Operator functional, Arguments arguments)
      : op_(functional), viewed_(arguments[0].tensor()), others_(arguments.begin() + 1, arguments.end()) {
    if (!viewed_.defined()) return;
    if (const View* const earlier = view_of(viewed_))
      view_ = *earlier;
    else
      view_ = {.base = viewed_,
               .geometry = {viewed_.sizes(), viewed_.strides()},
               .offset = viewed_.offset(),
               .last = {}};
  }

  void note(Arguments results) {
    if (!view_.base.defined()) return;
    view_.unrecorded = view_.unrecorded || !GradMode::enabled();
    const Intrusive<ViewStep> before = view_.last;
    size_t k = 0;
    for_each_tensor(results, [&](const Tensor& result) {
      view_.last = make_intrusive<ViewStep>(op_, others_, k++, before);
      // A base that is reshaped in place stays the base. An interpreter may have returned an undefined
      // tensor.
      if (result.defined() && !result.is_same(view_.base)) set_view(result, view_);
    });
  }

 private:
  Operator op_;
  Tensor viewed_;
  std::vector<Value> others_;
  View view_;
};

size_t place_of(const Tensor& tensor, std::span<const Tensor> outputs) {
  const auto is_this = [&](const Tensor& each) { return each.is_same(tensor); };
  return static_cast<size_t>(std::find_if(outputs.begin(), outputs.end(), is_this) - outputs.begin());
}

}  // namespace

void RecordCalls::operator()(const Call& call, Stack& stack) const {
  if (!makes_views) return record_if_required(call, stack);
  const size_t count = call.schema().arguments.size();
  ViewsMade views(view_operator(call), stack.last(count));
  const size_t below = stack.size() - count;
  record_if_required(call, stack);
  views.note(stack.last(stack.size() - below));
}

void RecordCalls::record_if_required(const Call& call, Stack& stack) const {
  if (GradMode::enabled() && any_requires_grad(call, stack.last(call.schema().arguments.size())))
    record(call, stack);
  else
    go_on(call, stack);
}

Operator RecordCalls::view_operator(const Call& call) const {
  if (form == ops::Form::functional) return call.op();
  return call.dispatcher().op(name_in(declaration->functional));
}

void RecordCalls::record(const Call& call, Stack& stack) const {
  const Schema& schema = call.schema();
  const size_t count = schema.arguments.size();
  const std::vector<Value> arguments(stack.end() - count, stack.end());
  if (resizes) throw Error("cannot resize variables that require grad");
  check_writes(schema, arguments);
  const std::vector<Written> written = written_by(schema, arguments);
  std::vector<Edge> edges = edges_of(arguments);
  const size_t below = stack.size() - count;
  Intrusive<DeclaredNode> declared;
  {
    const BelowAutograd guard;
    if (declaration) declared = make_intrusive<DeclaredNode>(call.op(), *declaration, arguments, edges);
    go_on(call, stack);
  }
  const std::vector<Tensor> outputs = outputs_of(stack.last(stack.size() - below), written);
  if (declared) declared->save_results(outputs);
  const Intrusive<Node> node =
      declared ? Intrusive<Node>(declared)
               : Intrusive<Node>(make_intrusive<NotDifferentiable>(call.op().name(), std::move(edges)));
  const bool reshapes = makes_views && form == ops::Form::in_place;
  for (size_t k = 0; k < outputs.size(); ++k)
    if (outputs[k].defined() && differentiable(outputs[k].dtype()) &&
        (reshapes || !is_among(outputs[k], arguments)))
      set_history(outputs[k], node, k);
  if (reshapes) return;
  for (const Written& each : written)
    if (differentiable(each.tensor.dtype())) rebase(each, node, place_of(each.tensor, outputs));
}

Kernel not_differentiable() {
  return Kernel::from_boxed([](const Call& call, Stack& stack) {
    const std::vector<Argument>& returns = call.schema().returns;
    const bool views = !returns.empty() && returns[0].alias && !returns[0].is_write() &&
                       !call.schema().arguments.empty() &&
                       stack.last(call.schema().arguments.size())[0].is_tensor();
    RecordCalls{.makes_views = views}(call, stack);
  });
}

Registrations register_autograd(Dispatcher& dispatcher, const ops::OperatorDeclaration& declaration) {
  Registrations made;
  const bool constant = declaration.derivative.constant, resizes = declaration.changes_geometry;
  if (declaration.kind == ops::OperatorKind::composite) return made;
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
