#include "engine/dispatch/resolution.h"

namespace engine {

using enum DispatchKey;

namespace {

constexpr KeySet every_backend = KeySet::backends();
constexpr KeySet stand_alone_backends{FPGA, Vulkan, Metal, CustomRNGKeyId, MkldnnCPU};
constexpr KeySet composite_explicit =
    every_backend | stand_alone_backends | KeySet{Dense, Quantized, Sparse, SparseCsr};
constexpr KeySet composite_explicit_non_functional =
    composite_explicit.remove(Sparse).remove_backend(Backend::XLA).remove_backend(Backend::Lazy);
constexpr KeySet autograd =
    every_backend | KeySet{AutogradOther, AutogradFunctionality, AutogradNestedTensor};
constexpr KeySet composite_implicit = composite_explicit | autograd | KeySet{NestedTensor, Functionalize};
constexpr KeySet composite_implicit_nested = every_backend | KeySet{NestedTensor, AutogradNestedTensor};

constexpr KeySet autograd_other_backends =
    every_backend | stand_alone_backends | KeySet{Quantized, Sparse, SparseCsr};

const Registered* newest(const NewestKernels& kernels, DispatchKey key) {
  return kernels[static_cast<size_t>(key)];
}

bool any_kernel_in(const NewestKernels& kernels, KeySet keys) {
  if (keys.empty()) return false;
  for (DispatchKey key : table_keys())
    if (newest(kernels, key) && keys.has(key)) return true;
  return false;
}

// No key set contains Undefined, but the composite aliases serve it.
bool serves_undefined(DispatchKey key) {
  return key == CompositeImplicitAutograd || key == CompositeExplicitAutograd ||
         key == CompositeExplicitAutogradNonFunctional;
}

bool serves(DispatchKey alias, DispatchKey key) {
  return key == Undefined ? serves_undefined(alias) : expansion(alias).has(key);
}

// The backends whose autograd key this is; empty for other keys.
KeySet backends_of_autograd(DispatchKey key) {
  if (key == AutogradOther) return autograd_other_backends;
  if (key == AutogradNestedTensor) return every_backend | NestedTensor;
  if (functionality_of(key) == AutogradFunctionality) return runtime_key(Dense, backend_of(key));
  return {};
}

}  // namespace

KeySet expansion(DispatchKey key) {
  switch (key) {
    case Autograd:
      return autograd;
    case CompositeImplicitAutograd:
      return composite_implicit;
    case CompositeImplicitAutogradNestedTensor:
      return composite_implicit_nested;
    case CompositeExplicitAutograd:
      return composite_explicit;
    case CompositeExplicitAutogradNonFunctional:
      return composite_explicit_non_functional;
    case FuncTorchBatchedDecomposition:
      return FuncTorchBatched;
    default:
      return key;
  }
}

Resolution resolve(const NewestKernels& kernels, const FallbackKernels& fallbacks, DispatchKey key) {
  // 1. A kernel for this key itself.
  if (const Registered* own = newest(kernels, key); own && key != Undefined) return {Reason::kernel, own};

  // The kernel of an alias if the alias serves this key.
  const auto from = [&](DispatchKey alias) { return serves(alias, key) ? newest(kernels, alias) : nullptr; };

  // 2. and 3. A kernel for all backends, which autograd must differentiate as a whole.
  if (const Registered* found = from(CompositeExplicitAutogradNonFunctional))
    return {Reason::composite_explicit_non_functional, found};
  if (const Registered* found = from(CompositeExplicitAutograd)) return {Reason::composite_explicit, found};

  // 4. to 6. Composite kernels, which are differentiated through the operators that they call. The second one
  // does not serve an autograd key whose backend has a kernel, because the call must reach that kernel. A
  // CompositeExplicitAutogradNonFunctional kernel does not count as one.
  if (const Registered* found = from(CompositeImplicitAutogradNestedTensor))
    return {Reason::composite_implicit_nested, found};
  if (const Registered* found = from(CompositeImplicitAutograd)) {
    const KeySet backends = backends_of_autograd(key);
    const bool own_backend_kernel = any_kernel_in(kernels, backends);
    if (key == AutogradOther && own_backend_kernel) return {Reason::ambiguous_autograd_other, nullptr};
    const bool explicit_kernel = newest(kernels, CompositeExplicitAutograd);
    if (!own_backend_kernel && !explicit_kernel) return {Reason::composite_implicit, found};
  }

  // 7. and 8. The derivative for all backends, and the decomposition for vmap.
  if (const Registered* found = from(Autograd)) return {Reason::autograd, found};
  if (const Registered* found = from(FuncTorchBatchedDecomposition))
    return {Reason::batched_decomposition, found};

  // 9. and 10. The fallback of this key, or nothing.
  if (const Registered* found = fallbacks[KeySet(key).table_index()])
    return {Reason::backend_fallback, found};
  return {Reason::missing, nullptr};
}

const std::vector<uint16_t>& affected_slots(DispatchKey key) {
  static const auto all = [] {
    std::array<std::vector<uint16_t>, dispatch_key_count> slots;
    for (int number = 0; number < dispatch_key_count; ++number) {
      const auto registered = static_cast<DispatchKey>(number);
      for (uint16_t slot = 0; slot < table_size; ++slot) {
        const DispatchKey at = table_keys()[slot];
        const KeySet backends = backends_of_autograd(at);
        const bool decides =
            at == registered || serves(registered, at) || backends.has(registered) ||
            (registered == CompositeExplicitAutograd && serves(CompositeImplicitAutograd, at));
        if (decides) slots[static_cast<size_t>(number)].push_back(slot);
      }
    }
    return slots;
  }();
  return all[static_cast<size_t>(key)];
}

std::string_view name_of(Reason reason) {
  constexpr std::array<std::string_view, 11> names{"kernel",
                                                   "composite explicit non functional",
                                                   "composite explicit",
                                                   "composite implicit nested",
                                                   "ambiguous autograd other",
                                                   "composite implicit",
                                                   "autograd",
                                                   "batched decomposition",
                                                   "backend fallback",
                                                   "missing",
                                                   "no schema"};
  return names[static_cast<size_t>(reason)];
}

}  // namespace engine
