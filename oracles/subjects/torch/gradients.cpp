#include "oracles/subjects/torch/gradients.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/basic_ops.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>

#include "oracles/compare/element.h"
#include "oracles/gradients/cotangents.h"
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
  return tensor.defined() && !tensor.is_nested() && dtype_of(tensor.scalar_type(), dtype) &&
         is_differentiable(dtype);
}

template <class Visit>
void for_each_tensor(const c10::IValue& value, Visit&& visit) {
  if (value.isTensor()) {
    if (value.toTensor().defined()) visit(value.toTensor());
  } else if (value.isList()) {
    for (const c10::IValue& element : value.toListRef()) for_each_tensor(element, visit);
  }
}

std::vector<std::byte> bytes_of(const at::Tensor& tensor) {
  const HostBytes memory = Inputs::memory(tensor.storage());
  return {memory.data(), memory.data() + memory.size()};
}

// A backward pass wrote a gradient that it received, which may belong to others.
struct IncomingWritten {};

}  // namespace

struct Gradients::Graph {
  struct Root {  // a result
    Edge edge;
    engine::DType dtype;
    engine::Dims sizes;
    GradientPlace place;
  };
  // The places of `arguments` that the graph of these edges reaches.
  std::vector<bool> reached_from(engine::SmallVector<Edge> open);

  std::vector<SinkPointer> sinks;  // by input; null: it requires no grad, or is a leaf
  std::vector<bool> leaf;          // by input
  std::vector<Edge> arguments;     // of the current call, those that require grad
  std::vector<Root> roots;
  std::string missing_formula;  // the message of a node that only raises
};

std::vector<bool> Gradients::Graph::reached_from(engine::SmallVector<Edge> open) {
  engine::SmallVector<const Node*> seen;
  std::vector<bool> reached(arguments.size());
  while (!open.empty()) {
    const Edge edge = open.back();
    open.pop_back();
    bool of_argument = false;
    for (size_t a = 0; a < arguments.size(); ++a) {
      if (arguments[a].function != edge.function) continue;
      of_argument = true;
      if (arguments[a].input_nr == edge.input_nr) reached[a] = true;
    }
    if (of_argument || std::ranges::find(seen, edge.function.get()) != seen.end()) continue;
    seen.push_back(edge.function.get());
    if (const auto* only_raises = dynamic_cast<const torch::autograd::Error*>(edge.function.get()))
      missing_formula = only_raises->msg;
    for (const Edge& next : edge.function->next_edges())
      if (next.is_valid()) open.push_back(next);
  }
  return reached;
}

Gradients::Gradients(Inputs& inputs, const corpora::Case& c, const corpora::Path& path)
    : inputs_(inputs), case_(c), graph_(std::make_unique<Graph>()), cut_(c.storages.size()) {
  for (const corpora::Layer& layer : path) {
    if (layer.kind == LayerKind::incoming) draw_ = layer.storage;
    if (layer.kind == LayerKind::second) second_ = true;
    if (layer.kind == LayerKind::overwritten) overwritten_ = layer.storage;
  }
  const LayersByStorage layers = layers_by_storage(c, path);
  for (const Inputs::Input& input : inputs.inputs) {
    SinkPointer& sink = graph_->sinks.emplace_back();
    graph_->leaf.push_back(false);
    if (!is_differentiable(inputs.storages[input.unit].dtype) || layers[input.unit].has(LayerKind::constant))
      continue;
    if (layers[input.unit].has(LayerKind::leaf)) {
      input.tensor.unsafeGetTensorImpl()->set_requires_grad(true);
      graph_->leaf.back() = true;
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
  graph_->arguments.clear();
  for (size_t i = arguments.size() - count; i < arguments.size(); ++i)
    for_each_tensor(arguments[i], [&](const at::Tensor& tensor) {
      if (!can_require_grad(tensor)) return;
      if (tensor.requires_grad())
        graph_->arguments.push_back(torch::autograd::impl::gradient_edge(tensor));
      else if (std::ranges::find(without_history_, tensor.unsafeGetTensorImpl()) != without_history_.end())
        cut_.assign(cut_.size(), true);
    });
}

void Gradients::after_call(size_t call, std::span<const at::Tensor> results, bool may_cut) {
  engine::SmallVector<Edge> open;
  bool recorded = false;
  if (overwritten_ >= 0) results_.insert(results_.end(), results.begin(), results.end());
  for (const at::Tensor& result : results)
    recorded = recorded || (result.defined() && result.requires_grad());
  for (size_t k = 0; k < results.size(); ++k) {
    const at::Tensor& result = results[k];
    if (!can_require_grad(result)) continue;
    if (!result.requires_grad() && recorded && may_cut && !graph_->arguments.empty())
      without_history_.push_back(result.unsafeGetTensorImpl());
    if (!result.requires_grad() || !result.device().is_cpu()) continue;
    if (result.layout() != c10::kStrided || !result.has_storage()) continue;
    const Edge edge = torch::autograd::impl::gradient_edge(result);
    if (!edge.is_valid()) continue;  // a view of an input, made in a mode that records nothing
    open.push_back(edge);
    Graph::Root& root = graph_->roots.emplace_back(edge, engine::DType::f32,
                                                   engine::Dims(result.sizes().begin(), result.sizes().end()),
                                                   GradientPlace{call, k});
    dtype_of(result.scalar_type(), root.dtype);
  }
  const std::vector<bool> reached = graph_->reached_from(std::move(open));
  if (!may_cut || !recorded) return;
  for (size_t a = 0; a < reached.size(); ++a)
    if (!reached[a]) cut(a);
}

void Gradients::cut(size_t argument) {
  for (size_t i = 0; i < inputs_.inputs.size(); ++i) {
    const Node* node = graph_->leaf[i]
                           ? torch::autograd::impl::gradient_edge(inputs_.inputs[i].tensor).function.get()
                           : graph_->sinks[i].get();
    if (node != graph_->arguments[argument].function.get()) continue;
    cut_[storage_of(i)] = true;
    return;
  }
  cut_.assign(cut_.size(), true);
}

struct Gradients::Pass {
  torch::autograd::edge_list edges;
  torch::autograd::variable_list incoming;
};

Gradients::Pass Gradients::pass_with(GradientForm form) const {
  Pass pass;
  for (const Graph::Root& root : graph_->roots) {
    pass.edges.push_back(root.edge);
    pass.incoming.push_back(incoming_gradient(root.dtype, root.sizes, root.place, form));
  }
  return pass;
}

Gradients::Pass Gradients::drawn_pass(size_t number) const {
  Pass pass;
  for (const Graph::Root& root : graph_->roots) {
    const IncomingDraw draw = incoming_draw(draw_, root.place.call, root.place.result, number);
    if (!draw.defined) continue;
    pass.edges.push_back(root.edge);
    pass.incoming.push_back(incoming_gradient(root.dtype, root.sizes, root.place, draw.form));
  }
  return pass;
}

// Runs backwards and records that. The pass then starts at the gradients that have a history.
Gradients::Pass Gradients::second_pass(bool library_operators) {
  run_once(pass_with(GradientForm::plain), nullptr, /*create_graph=*/true);
  Pass pass;
  for (size_t i = 0; i < inputs_.inputs.size(); ++i) {
    const at::Tensor gradient = received(i);
    if (!gradient.defined() || cut_[storage_of(i)]) continue;
    if (!gradient.requires_grad()) {
      if (library_operators) continue;
      graph_->missing_formula = "the backward pass records nothing";
      return {};
    }
    engine::DType dtype{};
    if (gradient.layout() != c10::kStrided || !dtype_of(gradient.scalar_type(), dtype)) continue;
    const corpora::Input& view = case_.inputs[i];
    const auto parts = static_cast<size_t>(components_of(dtype));
    const corpora::Storage& storage = case_.storages[static_cast<size_t>(view.storage)];
    if (gradient.sizes() != c10::IntArrayRef(view.sizes.data(), view.sizes.size()) || dtype != storage.dtype)
      continue;
    const std::vector<double> weights =
        gradient_weights(storage_of(i), static_cast<size_t>(storage.elements) * parts);
    std::vector<std::byte> bytes(static_cast<size_t>(engine::element_count(view.sizes)) *
                                 engine::size_of(dtype));
    const size_t width = engine::size_of(dtype) / parts;
    for_each_place(view.sizes, view.strides, view.offset, [&](size_t place, size_t at) {
      for (size_t c = 0; c < parts; ++c)
        store_component(dtype, weights[place * parts + c], bytes.data() + (at * parts + c) * width);
    });
    pass.edges.push_back(torch::autograd::impl::gradient_edge(gradient));
    pass.incoming.push_back(tensor_on(filled_storage(bytes), dtype,
                                      c10::DispatchKeySet(c10::DispatchKey::CPU), view.sizes,
                                      engine::contiguous_strides(view.sizes), 0));
  }
  graph_->arguments.clear();
  graph_->reached_from({pass.edges.begin(), pass.edges.end()});  // finds nodes that only raise
  return pass;
}

at::Tensor Gradients::received(size_t input) const {
  if (graph_->leaf[input]) return inputs_.inputs[input].tensor.grad();
  return graph_->sinks[input] ? graph_->sinks[input]->received : at::Tensor();
}

// Adds the gradients of all storages to `gradients`.
void Gradients::run_once(const Pass& pass, std::vector<TensorSnapshot>* gradients, bool create_graph) {
  for (size_t i = 0; i < inputs_.inputs.size(); ++i) {
    if (graph_->sinks[i]) graph_->sinks[i]->received.reset();
    if (graph_->leaf[i]) inputs_.inputs[i].tensor.mutable_grad().reset();
  }
  std::vector<std::vector<std::byte>> before;
  for (const at::Tensor& incoming : pass.incoming) before.push_back(bytes_of(incoming));
  if (!pass.edges.empty())
    torch::autograd::Engine::get_base_engine().execute(pass.edges, pass.incoming, /*keep_graph=*/true,
                                                       create_graph, /*accumulate_grad=*/true);
  for (size_t i = 0; i < before.size(); ++i)
    if (bytes_of(pass.incoming[i]) != before[i]) throw IncomingWritten{};
  if (gradients) collect(*gradients);
}

void Gradients::collect(std::vector<TensorSnapshot>& gradients) {
  const size_t first = gradients.size();
  gradients.resize(first + case_.storages.size());
  for (size_t s = 0; s < case_.storages.size(); ++s) {
    gradients[first + s].defined = false;
    gradients[first + s].opaque = cut_[s];
  }
  for (size_t i = 0; i < inputs_.inputs.size(); ++i)
    if (const at::Tensor gradient = received(i); gradient.defined() && !cut_[storage_of(i)])
      add_gradient(inputs_.inputs[i], gradient, gradients[first + storage_of(i)]);
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
  for_each_place(view.sizes, view.strides, view.offset, [&](size_t place, size_t i) {
    for (size_t c = 0; c < parts; ++c) {
      std::byte* const at = sum.values.data() + (place * parts + c) * sizeof(double);
      store_component(sum.dtype, component_at(sum.dtype, at, 0) + numbers[i * parts + c], at);
    }
  });
}

// Writes the whole memory of one input or result of CPU memory, and bumps its version, as an in-place
// operator does. Integers become 0, which is an index wherever another number was.
void Gradients::overwrite() {
  std::vector<at::Tensor> targets;
  for (const Inputs::Input& input : inputs_.inputs) targets.push_back(input.tensor);
  targets.insert(targets.end(), results_.begin(), results_.end());
  std::erase_if(targets, [](const at::Tensor& target) {
    engine::DType dtype{};
    return !target.defined() || !target.device().is_cpu() || !has_geometry(*target.unsafeGetTensorImpl()) ||
           target._is_zerotensor() || target.is_inference() || target.numel() == 0 ||
           !dtype_of(target.scalar_type(), dtype);
  });
  if (targets.empty()) return;
  const at::Tensor& target = targets[static_cast<size_t>(overwritten_) % targets.size()];
  engine::DType dtype{};
  dtype_of(target.scalar_type(), dtype);
  const std::span<std::byte> memory = Inputs::writable(target.storage());
  const size_t width = engine::size_of(dtype) / static_cast<size_t>(components_of(dtype));
  for (size_t at = 0; at + width <= memory.size(); at += width) {
    const double now = component_at(dtype, memory.data() + at, 0);
    store_component(dtype, is_differentiable(dtype) ? now + 1 : 0, memory.data() + at);
  }
  target.unsafeGetTensorImpl()->bump_version();
}

BackwardOutcome Gradients::run(bool library_operators) {
  BackwardOutcome outcome;
  const auto without_formula = [&] {
    outcome.status = Status::not_implemented;
    outcome.message = graph_->missing_formula;
    return outcome;
  };
  if (!graph_->missing_formula.empty()) return without_formula();
  CallOutcome ended;
  if (overwritten_ >= 0) overwrite();
  try {
    if (second_) {
      const Pass pass = second_pass(library_operators);
      if (!graph_->missing_formula.empty()) return without_formula();
      run_once(pass, &outcome.gradients);
    } else if (draw_ >= 0) {
      for (const size_t pass : {0, 1}) run_once(drawn_pass(pass), &outcome.gradients);
    } else {
      for (const GradientForm form : {GradientForm::plain, GradientForm::strided, GradientForm::lazy})
        run_once(pass_with(form), &outcome.gradients);
    }
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
