// Interpreter: code that answers operator calls instead of kernels, as Python does in PyTorch. Modes
// (modes.h) and wrapper tensors (wrapper.h) have one; the fallback at Python (python_fallback.h) calls it.
// There is no Python here: the subject of tests is how the dispatcher calls an interpreter and returns from
// it.
#pragma once

#include <string_view>

#include "engine/dispatch/operator.h"

namespace engine {

// not_implemented: the next interpreter is called. This one must not have changed anything.
enum class Answer : uint8_t { done, not_implemented };

class Interpreter {
 public:
  virtual ~Interpreter() = default;
  virtual std::string_view name() const = 0;  // for messages
  // The stack holds the arguments, and after `done` the results. `call.keys` are the keys with which the call
  // reached Python. May throw: the caller sees the same exception.
  virtual Answer dispatch(const Call& call, Stack& stack) = 0;
  // Whether it is called before `other`, even if `other` is on an earlier argument: as a subclass before its
  // base.
  virtual bool precedes(const Interpreter& /*other*/) const { return false; }
};

// The keys that lead a call to an interpreter: of a tensor that has one, or of a thread in a mode.
inline constexpr KeySet python_keys{DispatchKey::Python, DispatchKey::PythonTLSSnapshot};

}  // namespace engine
