// What the layers python, wrapped(s), fake(n) and symbolic(n) add to a run: interpreters that change nothing,
// a count of their calls, and a fake mode. Promises: an interpreter that is called twice for one operator
// call, or not at all, is reported as a fault of the thread's state, because results may not show it.
#pragma once

#include <memory>
#include <optional>

#include "corpora/case/path.h"
#include "engine/fake/fake_mode.h"
#include "engine/fake/shapes/shape_env.h"
#include "engine/python/modes.h"
#include "engine/python/pass_through.h"
#include "oracles/outcome.h"

namespace oracles {

struct PythonLayers {
  std::unique_ptr<engine::PassThrough> outer, inner;  // python: two modes, one inside the other
  std::unique_ptr<engine::Wrapping> wrapping;         // wrapped(s)
  std::unique_ptr<engine::fake::ShapeEnv> shapes;     // symbolic
  std::shared_ptr<engine::fake::FakeMode> fake;       // fake: all inputs
  std::vector<engine::Tensor> given;                  // symbolic: the geometry of the inputs
  int runs_before = 0;                                // fake(n), in the same mode
  bool constants = false;                             // fake(n): inputs of one element are constants
  bool shows_symbols = false;                         // for people: nothing is compared

  PythonLayers() = default;
  explicit PythonLayers(const corpora::Path& path);
  explicit operator bool() const { return inner || wrapping || fake; }
  engine::Tensor fake_of(const engine::Tensor& input);
  // Records a fault if the guards do not hold for the inputs for which they were recorded.
  void note_guards(ThreadState& state) const;
  // Raises NeedsData if a size or a number of the results depends on elements: there is nothing to compare.
  void refuse_unknown_numbers(std::string_view op, const engine::Stack& results) const;
  // Counts the writes through plain tensors and through wrappers.
  uint32_t version(const engine::Tensor& tensor) const {
    return wrapping ? wrapping->version(tensor) : tensor.version();
  }

  // Enables the modes, if there are any, for a scope.
  struct InForce {
    explicit InForce(const PythonLayers& layers) {
      if (layers.outer) outer.emplace(*layers.outer);
      if (layers.inner) inner.emplace(*layers.inner);
      if (layers.fake) fake.emplace(*layers.fake);
    }
    std::optional<engine::ModeGuard> outer, inner;
    std::optional<engine::fake::UseFakeMode> fake;
  };
};

// One call of an operator with the layers: constructed before the call and queried after it.
class PythonCall {
 public:
  PythonCall(const PythonLayers& layers, const engine::Operator& op, const engine::Stack& arguments);

  Reach reach() const;
  // Records a fault if an interpreter was not called for the operator exactly once. Makes no check if
  // arguments have lazy bits, because their fallbacks may call the same operator.
  void note_fault(ThreadState& state) const;

 private:
  struct Required {
    const engine::PassThrough* interpreter;
    size_t before;  // the number of calls that it had seen
    size_t times(const engine::OperatorEntry& op) const;
  };

  const engine::Operator op_;
  bool lazy_ = false;
  std::vector<Required> required_;
};

}  // namespace oracles
