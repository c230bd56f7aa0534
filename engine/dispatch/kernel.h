// Kernel: the code behind one entry of a dispatch table, callable with a stack of values and, where it was
// written with C++ types, with these directly. Call: what the dispatcher tells a kernel about the call it
// serves. Promises: a Kernel is never changed once a table refers to it, and outlives every call that may be
// inside it.
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

// One call as its kernel sees it. A kernel that wants to go on calls operators of `dispatcher()`, or passes
// this call on below its own key with `keys & KeySet::full_after(own key)`.
struct Call {
  const OperatorEntry& entry;
  KeySet keys;  // effective, as the dispatcher chose by
  const Kernel& kernel;

  Operator op() const;
  Dispatcher& dispatcher() const;
  const Schema& schema() const;
};

// A C++ signature: how it is recognised, and the schema that it amounts to.
struct CppSignature {
  const char* (*name)();  // mangled
  Schema (*infer)();      // names _0, _1 ...
};
bool same_signature(const CppSignature& a, const CppSignature& b);
std::string to_string(const CppSignature& signature);  // readable

using AnyFunction = void (*)();
using BoxedFunction = void (*)(const Call&, Stack&);

enum class KernelKind : uint8_t {
  ordinary,
  fallthrough,  // this key has nothing to do: the call goes on to the next one
  refusal       // raises an error: missing, ambiguous, without schema
};

struct Kernel {
  BoxedFunction boxed = nullptr;
  AnyFunction typed = nullptr;              // R (*)(const Call&, Args...), by `signature`
  const CppSignature* signature = nullptr;  // null: boxed only
  KernelKind kind = KernelKind::ordinary;
  Intrusive<RefCounted> state;  // of a kernel that was made from an object

  static Kernel from_boxed(BoxedFunction function) {
    return {function, nullptr, nullptr, KernelKind::ordinary, {}};
  }
  static Kernel fallthrough();
  // Raises NotImplementedError "named tensors are not supported", without a look at the stack.
  static Kernel named_not_supported();
};

}  // namespace engine
