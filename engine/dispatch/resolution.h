// Resolution: which kernel an operator has at a dispatch key, and why. This is the whole rule; the tables
// that calls use are filled by it and by nothing else.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/key_set.h"
#include "engine/dispatch/kernel.h"

namespace engine {

// One registration of a kernel, kept while it is registered and until no call can be inside it.
struct Registered {
  Kernel kernel;
  DispatchKey key = DispatchKey::Undefined;
  std::string where;  // who registered it
};

// The newest kernel of one operator for each key, aliases included; null where there is none.
using NewestKernels = std::array<const Registered*, dispatch_key_count>;
// The backend fallbacks, by slot.
using FallbackKernels = std::array<const Registered*, table_size>;

// In the order in which they are tried.
enum class Reason : uint8_t {
  kernel,                             // registered for this very key
  composite_explicit_non_functional,  // alias CompositeExplicitAutogradNonFunctional
  composite_explicit,                 // alias CompositeExplicitAutograd
  composite_implicit_nested,          // alias CompositeImplicitAutogradNestedTensor
  ambiguous_autograd_other,           // composite here, kernels of its own at some AutogradOther backend
  composite_implicit,                 // alias CompositeImplicitAutograd
  autograd,                           // alias Autograd
  batched_decomposition,              // alias FuncTorchBatchedDecomposition
  backend_fallback,                   // the key's own fallback, for every operator
  missing,
  no_schema,  // a kernel came before its operator's schema, or outlived it
};
std::string_view name_of(Reason reason);  // "kernel", "composite implicit", ...

struct Resolution {
  Reason reason = Reason::missing;
  const Registered* registered = nullptr;  // null: missing and ambiguous
  bool operator==(const Resolution&) const = default;
};

Resolution resolve(const NewestKernels& kernels, const FallbackKernels& fallbacks, DispatchKey runtime_key);

// The runtime keys that a registration for `key` serves: those of an alias, else the key itself.
KeySet expansion(DispatchKey key);
// Undefined is no member of a set; the composite aliases serve it all the same.
bool serves_undefined(DispatchKey key);
// The backends whose autograd key this is; empty for other keys.
KeySet backends_of_autograd(DispatchKey key);

// The slots whose resolution a registration for `key` can change.
const std::vector<uint16_t>& affected_slots(DispatchKey key);

}  // namespace engine
