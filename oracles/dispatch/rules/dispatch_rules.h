// The rules of dispatching, over plain sets: which key a set dispatches to, what an alias serves, which
// kernel a slot has and why, which keys decide a call, and how guards change a thread's keys. A rule that c10
// does not follow is a virtual function, which C10Rules overrides.
#pragma once

#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "oracles/dispatch/rules/dispatch_keys.h"

namespace reference {

// Why a slot has its kernel, in the order in which the reasons are tried.
enum class Why : uint8_t {
  kernel,
  composite_explicit_non_functional,
  composite_explicit,
  composite_implicit_nested,
  ambiguous_autograd_other,
  composite_implicit,
  autograd,
  batched_decomposition,
  backend_fallback,
  missing,
  no_schema
};
std::string_view name_of(Why why);

struct Found {
  int kernel = -1;  // the number of a registration, or -1
  Why why = Why::missing;
  bool operator==(const Found&) const = default;
};

// The newest kernel of an operator for each target, and the fallbacks by slot; -1: none.
using Newest = std::vector<int>;

struct ThreadSets {
  Keys included, excluded;
  bool operator==(const ThreadSets&) const = default;
};
enum class GuardOf : uint8_t { include, exclude, force };
struct OpenGuard {
  int number = 0;
  GuardOf of = GuardOf::include;
  Keys keys, excluded;
};

class DispatchRules {
 public:
  virtual ~DispatchRules() = default;

  // --- sets
  virtual Key highest(const Keys& keys) const;
  virtual int highest_backend(const Keys& keys) const;
  Keys without(const Keys& keys, const Keys& removed) const;  // backends stay
  // The layers below this one, and PythonDispatcher.
  Keys below(const Keys& keys, int layer) const;
  Keys of_undefined_tensor() const;

  // --- tables
  virtual bool serves(Alias alias, Key key) const;
  virtual std::vector<Key> backends_of_autograd(Key key) const;
  // Whether a backend of which the slot is the autograd key has a kernel.
  virtual bool has_backend_kernel(const Newest& newest, size_t slot) const;
  Found resolve(const Newest& newest, const Newest& fallbacks, Key key) const;

  // --- calls
  // `falls_through(key)`: whether the key's kernel is a fallthrough.
  template <class FallsThrough>
  Keys effective(const Keys& arguments, const ThreadSets& thread, const FallsThrough& falls_through) const {
    Keys keys = arguments;
    keys.add(thread.included);
    keys = without(keys, thread.excluded);
    const int backend = backend_of_mask(arguments, keys);
    std::erase_if(keys.layers, [&](int layer) {
      const bool each = layers()[static_cast<size_t>(layer)].per_backend;
      return falls_through(Key{layer, each ? (backend == 0 ? backend_named("CPU") : backend) : 0});
    });
    return keys;
  }
  virtual int backend_of_mask(const Keys& arguments, const Keys& keys) const;
  virtual bool passes_fallthroughs() const { return true; }  // a redispatch that meets one goes on

  // --- the thread's keys, from the open guards, the oldest first
  virtual ThreadSets initial() const;
  ThreadSets guarded(const std::vector<OpenGuard>& open) const;

  // Cached results of `serves` and `backends_of_autograd`.
  bool serves_slot(Alias alias, size_t slot) const;
  const std::vector<size_t>& backend_slots(size_t slot) const;

 private:
  void prepare() const;
  mutable std::vector<std::vector<bool>> serves_;
  mutable std::vector<std::vector<size_t>> backend_slots_;
};

}  // namespace reference
