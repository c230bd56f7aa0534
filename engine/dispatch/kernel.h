// Kernel: the code of one entry of a dispatch table. It can be called with a stack of values and, if it was
// written with C++ types, with these directly. Call: what the dispatcher passes to a kernel about the call.
// Promises: a Kernel does not change once a table refers to it, and outlives every call that may be inside
// it.
#pragma once

#include <cstdint>
#include <memory>

#include "engine/core/intrusive.h"
#include "engine/core/key_set.h"
#include "engine/core/stack.h"
#include "engine/dispatch/schema.h"

namespace engine {

class Dispatcher;
class Operator;
class OperatorEntry;
struct Kernel;

// One call as its kernel sees it. A kernel can call other operators of `dispatcher()`, or redispatch this
// call below its own key with `keys & KeySet::full_after(own key)`.
struct Call {
  const OperatorEntry& entry;
  KeySet keys;  // effective: they decided which kernel runs
  const Kernel& kernel;

  Operator op() const;
  Dispatcher& dispatcher() const;
  const Schema& schema() const;
};

struct SignatureTypes {
  std::vector<Type> arguments, results;
};

// A C++ signature: its identity, and the schema types that its C++ types correspond to.
struct CppSignature {
  const char* (*name)();  // mangled
  SignatureTypes (*types)();
};

using AnyFunction = void (*)();
using BoxedFunction = void (*)(const Call&, Stack&);

enum class KernelKind : uint8_t {
  ordinary,
  fallthrough,  // does nothing: the call continues at the next key
  refusal       // raises an error: missing, ambiguous, without schema
};

struct Kernel {
  BoxedFunction boxed = nullptr;
  AnyFunction typed = nullptr;              // R (*)(const Call&, Args...), by `signature`
  const CppSignature* signature = nullptr;  // null: boxed only
  KernelKind kind = KernelKind::ordinary;
  Intrusive<RefCounted> state;  // the function object of kernel_of() and boxed_kernel_of()

  static Kernel from_boxed(BoxedFunction function) {
    return {function, nullptr, nullptr, KernelKind::ordinary, {}};
  }
  static Kernel fallthrough();
};

}  // namespace engine
