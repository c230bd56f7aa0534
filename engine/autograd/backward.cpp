#include "engine/autograd/backward.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "engine/autograd/anomaly.h"
#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/core/check.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"

namespace engine::autograd {

namespace {

// Which nodes a pass must run so that gradients reach chosen edges.
class Wanted {
 public:
  Wanted(std::span<const Seed> seeds, std::span<const Edge> ends) {
    for (const Edge& end : ends) is_end_[end.node.get()] = true;
    for (Node* node : reachable(seeds)) {
      bool leads = is_end_.contains(node);
      for (const Edge& edge : node->edges()) leads = leads || (edge && leads_[edge.node.get()]);
      leads_[node] = leads;
    }
  }

  bool leads(const Node& node) const {
    const auto found = leads_.find(&node);
    return found != leads_.end() && found->second;
  }
  // Whether an argument of the node's step is wanted, or leads to one.
  bool runs(const Node& node) const {
    return std::ranges::any_of(node.edges(), [&](const Edge& edge) { return edge && leads(*edge.node); });
  }

 private:
  // The oldest first, so that a node comes after those that its edges lead to.
  static std::vector<Node*> reachable(std::span<const Seed> seeds) {
    std::vector<Node*> found, open;
    std::unordered_map<const Node*, bool> seen;
    const auto visit = [&](const Edge& edge) {
      if (edge && !std::exchange(seen[edge.node.get()], true)) open.push_back(edge.node.get());
    };
    for (const Seed& seed : seeds) visit(seed.at);
    while (!open.empty()) {
      Node* const node = open.back();
      open.pop_back();
      found.push_back(node);
      for (const Edge& edge : node->edges()) visit(edge);
    }
    std::ranges::sort(found, {}, [](const Node* node) { return node->sequence(); });
    return found;
  }

  std::unordered_map<const Node*, bool> is_end_, leads_;
};

// Where grad() takes gradients.
struct Capture {
  std::span<const Edge> ends;
  const Wanted& wanted;
  Gradients& into;
};

void run_tensor_hooks(const NodeHooks& hooks, Gradients& arrived) {
  for (const NodeHooks::OfTensor& each : hooks.of_tensors) {
    if (each.input >= arrived.size() || !arrived[each.input].defined()) continue;
    if (Tensor changed = each.hook(arrived[each.input]); changed.defined())
      arrived[each.input] = std::move(changed);
  }
  for (const NodeHooks::Retained& each : hooks.retained)
    if (each.input < arrived.size() && arrived[each.input].defined()) each.to->gradient = arrived[each.input];
}

class Pass {
 public:
  Pass(Dispatcher& dispatcher, const PassOptions& options, const Capture* capture)
      : dispatcher_(dispatcher), ops_(dispatcher), options_(options), capture_(capture) {}

  void arrive(const Edge& at, Tensor gradient) {
    if (capture_ && !capture_->wanted.leads(*at.node)) return;
    Waiting& waiting = waiting_[at.node->sequence()];
    if (!waiting.node) waiting.node = at.node;
    if (waiting.arrived.size() <= at.input) waiting.arrived.resize(at.input + 1);
    Tensor& sum = waiting.arrived[at.input];
    sum = sum.defined() ? ops_.add(sum, gradient) : std::move(gradient);
  }

  void run() {
    while (!waiting_.empty()) {
      auto youngest = waiting_.extract(std::prev(waiting_.end()));
      run_node(*youngest.mapped().node, std::move(youngest.mapped().arrived));
    }
  }

 private:
  struct Waiting {
    Intrusive<Node> node;
    Gradients arrived;
  };

  void run_node(Node& node, Gradients arrived) {
    const NodeHooks* const hooks = node.hooks();
    if (hooks) run_tensor_hooks(*hooks, arrived);
    if (capture_) {
      take(node, arrived);
      if (!capture_->wanted.runs(node)) return;
    }
    const std::vector<Edge>& edges = node.edges();
    const bool after = hooks && !hooks->after.empty();
    Gradients kept;
    if (after) kept = arrived;
    const Anomaly::Running running(node);
    Gradients found = node.apply(dispatcher_, std::move(arrived));
    CHECK(found.size() == edges.size(), "a gradient for each tensor that " + node.name() + " took");
    running.check(dispatcher_, found);
    if (after)
      for (const NodeHook& hook : hooks->after) hook(found, kept);
    if (!options_.retain_graph && !options_.create_graph) node.release();
    for (size_t i = 0; i < edges.size(); ++i)
      if (edges[i] && found[i].defined()) arrive(edges[i], std::move(found[i]));
  }

  void take(const Node& node, const Gradients& arrived) {
    for (size_t i = 0; i < capture_->ends.size(); ++i) {
      const Edge& end = capture_->ends[i];
      if (end.node.get() == &node && end.input < arrived.size()) capture_->into[i] = arrived[end.input];
    }
  }

  Dispatcher& dispatcher_;
  ops::Formulas ops_;
  const PassOptions& options_;
  const Capture* capture_;
  std::map<uint64_t, Waiting> waiting_;  // by sequence
};

void run_pass(Dispatcher& dispatcher, std::span<const Seed> seeds, const PassOptions& options,
              const Capture* capture) {
  const GradMode mode(options.create_graph);
  Pass pass(dispatcher, options, capture);
  for (const Seed& seed : seeds) {
    if (!seed.at) throw Error("a tensor does not require grad and does not have a history");
    if (seed.gradient.defined()) pass.arrive(seed.at, seed.gradient);
  }
  pass.run();
}

}  // namespace

void backward(Dispatcher& dispatcher, std::span<const Seed> seeds, PassOptions options) {
  run_pass(dispatcher, seeds, options, nullptr);
}

void backward(Dispatcher& dispatcher, const Tensor& result, const Tensor& gradient, PassOptions options) {
  if (gradient.defined() && gradient.sizes() != result.sizes())
    throw Error("the gradient of a result has different sizes than the result");
  const Seed seed{edge_of(result), gradient};
  backward(dispatcher, {&seed, 1}, options);
}

Gradients grad(Dispatcher& dispatcher, std::span<const Seed> seeds, std::span<const Tensor> inputs,
               PassOptions options) {
  std::vector<Edge> ends;
  for (const Tensor& input : inputs) {
    if (!ends.emplace_back(edge_of(input)))
      throw Error("One of the differentiated Tensors does not require grad");
  }
  Gradients found(inputs.size());
  const Wanted wanted(seeds, ends);
  const Capture capture{ends, wanted, found};
  run_pass(dispatcher, seeds, options, &capture);
  if (!options.allow_unused && !std::ranges::all_of(found, &Tensor::defined))
    throw Error(
        "One of the differentiated Tensors appears to not have been used in the graph. Set "
        "allow_unused=True if this is the desired behavior.");
  return found;
}

}  // namespace engine::autograd
