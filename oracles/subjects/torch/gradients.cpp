#include "oracles/subjects/torch/gradients.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>
#include <cstring>

#include "oracles/compare/element.h"
#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/arguments.h"
#include "oracles/subjects/torch/failure.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/storage_layers.h"

namespace oracles::aten {

using corpora::LayerKind;
using torch::autograd::Edge;
using torch::autograd::Node;

namespace {

// Keeps the gradient of one input.
struct Sink final : Node {
  torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
    received = gradients[0];
    return {};
  }
  at::Tensor received;
};

// libtorch holds nodes with shared_ptr or, in later versions, with intrusive_ptr.
template <class Pointer>
struct Made;
template <class T>
struct Made<std::shared_ptr<T>> {
  static std::shared_ptr<Sink> node() { return std::make_shared<Sink>(); }
};
template <class T>
struct Made<c10::intrusive_ptr<T>> {
  static c10::intrusive_ptr<Sink> node() { return c10::make_intrusive<Sink>(); }
};

using NodePointer = decltype(Edge::function);
using SinkPointer = decltype(Made<NodePointer>::node());

bool can_require_grad(const at::Tensor& tensor) {
  engine::DType dtype{};
  return tensor.defined() && dtype_of(tensor.scalar_type(), dtype) && is_differentiable(dtype);
}

template <class Visit>
void for_each_tensor(const c10::IValue& value, Visit&& visit) {
  if (value.isTensor()) {
    if (value.toTensor().defined()) visit(value.toTensor());
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) for_each_tensor(element, visit);
  }
}

// Calls visit(place, index) for each element in row-major order: its place in the storage.
template <class Visit>
void for_each_place(c10::IntArrayRef sizes, const engine::Dims& strides, int64_t offset, Visit&& visit) {
  const int64_t count = c10::multiply_integers(sizes);
  for (int64_t i = 0; i < count; ++i) {
    int64_t place = offset, rest = i;
    for (size_t d = sizes.size(); d-- > 0;) {
      place += rest % sizes[d] * strides[d];
      rest /= sizes[d];
    }
    visit(static_cast<size_t>(place), static_cast<size_t>(i));
  }
}

c10::IntArrayRef dims(const engine::Dims& sizes) { return {sizes.data(), sizes.size()}; }

std::vector<std::byte> bytes_of(const at::Tensor& tensor) {
  const std::span<const std::byte> memory = Inputs::memory(tensor.storage());
  return {memory.begin(), memory.end()};
}

// A backward pass wrote a gradient that it received, which may belong to others.
struct IncomingWritten {};

}  // namespace

struct Gradients::Sinks {
  std::vector<SinkPointer> of_inputs;  // null: the input requires no grad, or is a leaf
  std::vector<bool> leaf;              // by input
};

Gradients::Gradients(Inputs& inputs, const corpora::Case& c, const corpora::Path& path)
    : inputs_(inputs), case_(c), sinks_(std::make_unique<Sinks>()), cut_(c.storages.size()) {
  const LayersByStorage layers = layers_by_storage(c, path);
  for (const Inputs::Input& input : inputs.inputs) {
    SinkPointer& sink = sinks_->of_inputs.emplace_back();
    sinks_->leaf.push_back(false);
    if (!is_differentiable(inputs.storages[input.unit].dtype) || layers[input.unit].has(LayerKind::constant))
      continue;
    if (layers[input.unit].has(LayerKind::leaf)) {
      input.tensor.unsafeGetTensorImpl()->set_requires_grad(true);
      sinks_->leaf.back() = true;
      continue;
    }
    sink = Made<NodePointer>::node();
    const uint32_t number = sink->add_input_metadata(input.tensor);
    torch::autograd::impl::set_gradient_edge(input.tensor, Edge(sink, number));
  }
}

Gradients::~Gradients() = default;

size_t Gradients::storage_of(size_t input) const { return static_cast<size_t>(case_.inputs[input].storage); }

void Gradients::before_call(const torch::jit::Stack& arguments, size_t count) {
  arguments_.clear();
  for (size_t i = arguments.size() - count; i < arguments.size(); ++i)
    for_each_tensor(arguments[i], [&](const at::Tensor& tensor) {
      if (!can_require_grad(tensor)) return;
      if (tensor.requires_grad())
        arguments_.push_back(torch::autograd::impl::gradient_edge(tensor));
      else if (std::ranges::find(without_history_, tensor.unsafeGetTensorImpl()) != without_history_.end())
        cut_.assign(cut_.size(), true);
    });
}

void Gradients::after_call(size_t call, std::span<const at::Tensor> results, bool may_cut) {
  engine::SmallVector<Edge> open;
  for (size_t k = 0; k < results.size(); ++k) {
    const at::Tensor& result = results[k];
    if (!can_require_grad(result)) continue;
    if (!result.requires_grad() && may_cut && !arguments_.empty())
      without_history_.push_back(result.unsafeGetTensorImpl());
    if (!result.requires_grad() || !result.device().is_cpu()) continue;
    if (result.layout() != c10::kStrided || !result.has_storage()) continue;
    const Edge edge = torch::autograd::impl::gradient_edge(result);
    open.push_back(edge);
    Root& root = roots_.emplace_back(edge, engine::DType::f32,
                                     engine::Dims(result.sizes().begin(), result.sizes().end()), call, k);
    dtype_of(result.scalar_type(), root.dtype);
  }
  // Which arguments the graph of this call reaches.
  engine::SmallVector<const Node*> seen;
  std::vector<bool> reached(arguments_.size());
  while (!open.empty()) {
    const Edge edge = open.back();
    open.pop_back();
    bool of_argument = false;
    for (size_t a = 0; a < arguments_.size(); ++a) {
      if (arguments_[a].function != edge.function) continue;
      of_argument = true;
      if (arguments_[a].input_nr == edge.input_nr) reached[a] = true;
    }
    if (of_argument || std::ranges::find(seen, edge.function.get()) != seen.end()) continue;
    seen.push_back(edge.function.get());
    for (const Edge& next : edge.function->next_edges())
      if (next.is_valid()) open.push_back(next);
  }
  if (!may_cut) return;
  for (size_t a = 0; a < arguments_.size(); ++a)
    if (!reached[a]) cut(arguments_[a]);
}

void Gradients::cut(const Edge& argument) {
  for (size_t i = 0; i < inputs_.inputs.size(); ++i) {
    const Node* node = sinks_->leaf[i]
                           ? torch::autograd::impl::gradient_edge(inputs_.inputs[i].tensor).function.get()
                           : sinks_->of_inputs[i].get();
    if (node != argument.function.get()) continue;
    cut_[storage_of(i)] = true;
    return;
  }
  cut_.assign(cut_.size(), true);
}

// All elements of an expanded gradient are one; a strided one has columns first, and gaps; a lazy one has
// the neg bit and, if it is complex, the conj bit.
at::Tensor Gradients::incoming_gradient(const Root& root, Form form) {
  const auto parts = static_cast<size_t>(components_of(root.dtype));
  const size_t width = engine::size_of(root.dtype) / parts;
  const auto count = static_cast<size_t>(engine::element_count(root.sizes));
  const std::vector<double> numbers = cotangent(root.call, root.index, count * parts);
  engine::Dims strides = engine::contiguous_strides(root.sizes);
  size_t elements = count;
  int64_t offset = 0;
  if (form == Form::plain && is_expanded(count * parts)) {
    std::ranges::fill(strides, 0);
    elements = 1;
  } else if (form == Form::strided && count > 0) {
    offset = 1;
    elements = 2 * count;
    int64_t stride = 2;
    for (size_t d = 0; d < strides.size(); ++d) {
      strides[d] = stride;
      stride *= root.sizes[d];
    }
  }
  std::vector<std::byte> bytes(elements * parts * width);
  for_each_place(dims(root.sizes), strides, offset, [&](size_t place, size_t i) {
    for (size_t c = 0; c < parts; ++c)
      store_component(root.dtype, (form == Form::lazy && c == 0 ? -1 : 1) * numbers[i * parts + c],
                      bytes.data() + (place * parts + c) * width);
  });
  c10::DispatchKeySet keys(c10::DispatchKey::CPU);
  if (form == Form::lazy) keys = keys.add(c10::DispatchKey::Negative);
  if (form == Form::lazy && parts > 1) keys = keys.add(c10::DispatchKey::Conjugate);
  return tensor_on(filled_storage(bytes), root.dtype, keys, root.sizes, strides, offset);
}

// Adds the gradients of all storages to `gradients`.
void Gradients::run_once(Form form, std::vector<TensorSnapshot>& gradients) {
  const size_t count = inputs_.inputs.size();
  for (size_t i = 0; i < count; ++i) {
    if (sinks_->of_inputs[i]) sinks_->of_inputs[i]->received.reset();
    if (sinks_->leaf[i]) inputs_.inputs[i].tensor.mutable_grad().reset();
  }
  torch::autograd::edge_list edges;
  torch::autograd::variable_list incoming;
  std::vector<std::vector<std::byte>> before;
  for (const Root& root : roots_) {
    edges.push_back(root.edge);
    incoming.push_back(incoming_gradient(root, form));
    before.push_back(bytes_of(incoming.back()));
  }
  if (!edges.empty())
    torch::autograd::Engine::get_base_engine().execute(edges, incoming, /*keep_graph=*/true,
                                                       /*create_graph=*/false, /*accumulate_grad=*/true);
  for (size_t i = 0; i < incoming.size(); ++i)
    if (bytes_of(incoming[i]) != before[i]) throw IncomingWritten{};
  const size_t first = gradients.size();
  gradients.resize(first + case_.storages.size());
  for (size_t s = 0; s < case_.storages.size(); ++s) {
    gradients[first + s].defined = false;
    gradients[first + s].opaque = cut_[s];
  }
  for (size_t i = 0; i < count; ++i) {
    const Inputs::Input& input = inputs_.inputs[i];
    const at::Tensor received = sinks_->leaf[i]        ? input.tensor.grad()
                                : sinks_->of_inputs[i] ? sinks_->of_inputs[i]->received
                                                       : at::Tensor();
    if (received.defined() && !cut_[storage_of(i)])
      add_gradient(input, received, gradients[first + storage_of(i)]);
  }
}

// `sum` has one f64 for each component of the storage.
void Gradients::add_gradient(const Inputs::Input& input, const at::Tensor& received, TensorSnapshot& sum) {
  const at::NoGradGuard no_grad;
  TensorSnapshot gradient;
  Snapshots(inputs_, static_cast<int32_t>(case_.storages.size()))
      .tensor(received.layout() == c10::kStrided ? received : received.to_dense(), gradient);
  const std::vector<double> numbers = numbers_of(gradient);
  const corpora::Input& view = case_.inputs[static_cast<size_t>(&input - inputs_.inputs.data())];
  const corpora::Storage& storage = case_.storages[static_cast<size_t>(view.storage)];
  const auto parts = static_cast<size_t>(components_of(storage.dtype));
  if (!sum.has_values) {
    sum.defined = sum.has_values = true;
    sum.dtype = engine::DType::f64;
    sum.sizes = {storage.elements * static_cast<int64_t>(parts)};
    sum.strides = {1};
    sum.values.resize(static_cast<size_t>(sum.sizes[0]) * sizeof(double));
  }
  if (numbers.size() != parts * static_cast<size_t>(engine::element_count(view.sizes))) {
    sum.opaque = true;
    return;
  }
  for_each_place(dims(view.sizes), view.strides, view.offset, [&](size_t place, size_t i) {
    for (size_t c = 0; c < parts; ++c) {
      std::byte* const at = sum.values.data() + (place * parts + c) * sizeof(double);
      store_component(sum.dtype, component_at(sum.dtype, at, 0) + numbers[i * parts + c], at);
    }
  });
}

BackwardOutcome Gradients::run(bool library_operators) {
  BackwardOutcome outcome;
  CallOutcome ended;
  try {
    for (const Form form : {Form::plain, Form::strided, Form::lazy}) run_once(form, outcome.gradients);
  } catch (const IncomingWritten&) {
    ended.status = Status::raised;
    ended.error_class = "InvalidBackward";
    ended.message = "the backward pass writes a gradient that it receives";
  } catch (...) {
    describe_failure(ended, library_operators);
  }
  if (memory().over_quota()) ended.status = Status::over_memory;
  outcome.status = ended.status;
  outcome.error_class = ended.error_class;
  outcome.message = ended.message;
  return outcome;
}

}  // namespace oracles::aten
