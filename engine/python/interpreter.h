// Interpreter: code that answers operator calls in the place of kernels, as Python does in PyTorch. Modes
// (modes.h) and wrapper tensors (wrapper.h) carry one; the fallback at Python (python_fallback.h) asks them.
// No Python is here: what is tested are the seams through which any interpreter is reached and left.
#pragma once

#include <string_view>

#include "engine/dispatch/operator.h"

namespace engine {

// not_implemented: ask somebody else. It must not have changed anything by then.
enum class Answer : uint8_t { done, not_implemented };

class Interpreter {
 public:
  virtual ~Interpreter() = default;
  virtual std::string_view name() const = 0;  // for messages
  // The arguments are all that is on the stack; on `done` the results have taken their place. `call.keys` are
  // those by which the call reached Python. May throw: the caller sees that very exception.
  virtual Answer dispatch(const Call& call, Stack& stack) = 0;
  // Asked before `other`, although that stands on an earlier argument: as a subclass is before its base.
  virtual bool precedes(const Interpreter& /*other*/) const { return false; }
};

// What puts a call in front of an interpreter: a tensor that carries one, or a mode of the thread.
inline constexpr KeySet python_keys{DispatchKey::Python, DispatchKey::PythonTLSSnapshot};

}  // namespace engine
