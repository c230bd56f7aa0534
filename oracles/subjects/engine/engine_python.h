// What the layers python and wrapped(s) add to a run of the engine: interpreters that change nothing, and a
// count of how often they are asked. Promises: an interpreter that is asked twice for one call, or not at
// all, is told as a fault of the thread's state, since no value need show it.
#pragma once

#include <memory>
#include <optional>

#include "corpora/case/path.h"
#include "engine/python/modes.h"
#include "engine/python/pass_through.h"
#include "oracles/outcome.h"

namespace oracles {

struct PythonLayers {
  std::unique_ptr<engine::PassThrough> outer, inner;  // python: two modes, so that one hands on to the other
  std::unique_ptr<engine::Wrapping> wrapping;         // wrapped(s)

  PythonLayers() = default;
  explicit PythonLayers(const corpora::Path& path);
  explicit operator bool() const { return inner || wrapping; }
  // Of memory that plain tensors and wrappers may have written.
  uint32_t version(const engine::Tensor& tensor) const {
    return wrapping ? wrapping->version(tensor) : tensor.version();
  }

  // The modes, if there are any, for a scope.
  struct InForce {
    explicit InForce(const PythonLayers& layers) {
      if (layers.outer) outer.emplace(*layers.outer);
      if (layers.inner) inner.emplace(*layers.inner);
    }
    std::optional<engine::ModeGuard> outer, inner;
  };
};

// One call of an operator under the layers: made before it, asked after it.
class PythonCall {
 public:
  PythonCall(const PythonLayers& layers, const engine::Operator& op, const engine::Stack& arguments);

  Reach reach() const;
  // Where an interpreter was not asked for the operator exactly once. Not where arguments carry lazy bits:
  // what resolves them may be this very operator.
  void note_fault(ThreadState& state) const;

 private:
  struct Asked {
    const engine::PassThrough* interpreter;
    size_t before;  // how much it had seen
    size_t times(const engine::OperatorEntry& op) const;
  };

  const engine::Operator op_;
  bool lazy_ = false;
  std::vector<Asked> asked_;  // those that must be
};

}  // namespace oracles
