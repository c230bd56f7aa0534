// Rules of dispatching, over plain sets: which key a set goes to, what an alias serves, which kernel a slot
// has and why, which keys decide a call, and what guards do to a thread's keys. A rule that c10 does not
// follow is a virtual function, which C10Rules overrides.
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
  // What is strictly below the layer, and PythonDispatcher.
  Keys below(const Keys& keys, int layer) const;
  Keys of_undefined_tensor() const;

  // --- tables
  virtual bool serves(Alias alias, Key key) const;
  virtual std::vector<Key> backends_of_autograd(Key key) const;
  // Of its own, at some backend that the slot is the autograd key of.
  virtual bool has_backend_kernel(const Newest& newest, size_t slot) const;
  Found resolve(const Newest& newest, const Newest& fallbacks, Key key) const;

  // --- calls
  // `falls_through` says of a slot whether its kernel is a fallthrough.
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
  virtual bool passes_fallthroughs() const { return true; }  // on a redispatch that meets one

  // --- the thread's keys: what the open guards say, the oldest first
  virtual ThreadSets initial() const;
  ThreadSets guarded(const std::vector<OpenGuard>& open) const;

  // Tables of `serves` and `backends_of_autograd`, made once.
  bool serves_slot(Alias alias, size_t slot) const;
  const std::vector<size_t>& backend_slots(size_t slot) const;

 private:
  void prepare() const;
  mutable std::vector<std::vector<bool>> serves_;
  mutable std::vector<std::vector<size_t>> backend_slots_;
};

}  // namespace reference
