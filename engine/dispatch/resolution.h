// Resolution: which kernel an operator has at a dispatch key, and why. This file has the whole rule;
// resolve() alone fills the tables that calls use.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/key_set.h"
#include "engine/dispatch/kernel.h"

namespace engine {

// One registration of a kernel. It exists until it is removed and no call can be inside the kernel.
struct Registered {
  Kernel kernel;
  DispatchKey key = DispatchKey::Undefined;
  std::string where;  // the file or library that registered it
};

// The newest kernel of one operator for each key, aliases included; null where there is none.
using NewestKernels = std::array<const Registered*, dispatch_key_count>;
// The backend fallbacks, by slot.
using FallbackKernels = std::array<const Registered*, table_size>;

// In the order in which they are tried.
enum class Reason : uint8_t {
  kernel,                             // registered for this key itself
  composite_explicit_non_functional,  // alias CompositeExplicitAutogradNonFunctional
  composite_explicit,                 // alias CompositeExplicitAutograd
  composite_implicit_nested,          // alias CompositeImplicitAutogradNestedTensor
  ambiguous_autograd_other,           // a composite kernel, and kernels at backends that share AutogradOther
  composite_implicit,                 // alias CompositeImplicitAutograd
  autograd,                           // alias Autograd
  batched_decomposition,              // alias FuncTorchBatchedDecomposition
  backend_fallback,                   // the fallback of the key, which serves every operator
  missing,
  no_schema,  // the operator is not defined
};
std::string_view name_of(Reason reason);  // "kernel", "composite implicit", ...

struct Resolution {
  Reason reason = Reason::missing;
  const Registered* registered = nullptr;  // null: missing, ambiguous, no schema
  bool operator==(const Resolution&) const = default;
};

Resolution resolve(const NewestKernels& kernels, const FallbackKernels& fallbacks, DispatchKey runtime_key);

// The runtime keys that a registration for `key` serves: those of an alias, or the key itself.
KeySet expansion(DispatchKey key);

// The slots whose resolution a registration for `key` can change.
const std::vector<uint16_t>& affected_slots(DispatchKey key);

}  // namespace engine
