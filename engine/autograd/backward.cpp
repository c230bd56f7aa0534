#include "engine/autograd/backward.h"

#include <functional>
#include <map>

#include "engine/autograd/grad_mode.h"
#include "engine/autograd/history.h"
#include "engine/core/check.h"
#include "engine/core/error.h"
#include "engine/ops/formulas.h"

namespace engine::autograd {

namespace {

class Pass {
 public:
  explicit Pass(Dispatcher& dispatcher) : dispatcher_(dispatcher), ops_(dispatcher) {}

  void arrive(const Edge& at, const Tensor& gradient) {
    Waiting& waiting = waiting_[at.node->sequence()];
    waiting.node = at.node;
    if (waiting.arrived.size() <= at.input) waiting.arrived.resize(at.input + 1);
    Tensor& sum = waiting.arrived[at.input];
    sum = sum.defined() ? ops_.add(sum, gradient) : gradient;
  }

  void run() {
    while (!waiting_.empty()) {
      const auto youngest = waiting_.extract(waiting_.begin());
      Waiting& ready = youngest.mapped();
      const Gradients found = ready.node->apply(dispatcher_, std::move(ready.arrived));
      const std::vector<Edge>& edges = ready.node->edges();
      CHECK(found.size() == edges.size(), "a gradient for each tensor that " + ready.node->name() + " took");
      for (size_t i = 0; i < edges.size(); ++i)
        if (edges[i] && found[i].defined()) arrive(edges[i], found[i]);
    }
  }

 private:
  struct Waiting {
    Intrusive<Node> node;
    Gradients arrived;
  };
  Dispatcher& dispatcher_;
  ops::Formulas ops_;
  std::map<uint64_t, Waiting, std::greater<>> waiting_;  // by sequence
};

}  // namespace

void backward(Dispatcher& dispatcher, std::span<const Seed> seeds) {
  const NoGrad off;
  Pass pass(dispatcher);
  for (const Seed& seed : seeds) {
    if (!seed.at) throw Error("a tensor does not require grad and does not have a history");
    pass.arrive(seed.at, seed.gradient);
  }
  pass.run();
}

void backward(Dispatcher& dispatcher, const Tensor& result, const Tensor& gradient) {
  const Seed seed{edge_of(result), gradient};
  backward(dispatcher, {&seed, 1});
}

}  // namespace engine::autograd
