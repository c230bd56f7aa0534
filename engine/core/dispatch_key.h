// DispatchKey: the layers that an operator call passes, with the names and the order of PyTorch's main. A key
// is a functionality (a layer, such as Sparse, Autograd, ZeroTensor) and, for six functionalities, a backend
// (such as CPU, CUDA). One enumeration has three ranges: functionalities, runtime keys of the six per-backend
// functionalities (SparseCUDA), and aliases. An alias represents several runtime keys; it is used in
// registrations only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/device.h"

namespace engine {

// clang-format off

// Lowest to highest. Meta is the highest, so that a call on Meta and another backend goes to Meta.
#define ENGINE_BACKENDS(_, p) \
  _(p, CPU)                   \
  _(p, CUDA)                  \
  _(p, HIP)                   \
  _(p, XLA)                   \
  _(p, MPS)                   \
  _(p, IPU)                   \
  _(p, XPU)                   \
  _(p, HPU)                   \
  _(p, VE)                    \
  _(p, Lazy)                  \
  _(p, MTIA)                  \
  _(p, MAIA)                  \
  _(p, PrivateUse1)           \
  _(p, PrivateUse2)           \
  _(p, PrivateUse3)           \
  _(p, Meta)

// Lowest to highest priority: a call goes to the highest first.
#define ENGINE_FUNCTIONALITIES(_)   \
  _(Dense)                          \
  _(FPGA)                           \
  _(Vulkan)                         \
  _(Metal)                          \
  _(Quantized)                      \
  _(CustomRNGKeyId)                 \
  _(MkldnnCPU)                      \
  _(Sparse)                         \
  _(SparseCsr)                      \
  _(NestedTensor)                   \
  _(BackendSelect)                  \
  _(Python)                         \
  _(Fake)                           \
  _(FuncTorchDynamicLayerBackMode)  \
  _(Functionalize)                  \
  _(Named)                          \
  _(Conjugate)                      \
  _(Negative)                       \
  _(ZeroTensor)                     \
  _(ADInplaceOrView)                \
  _(AutogradOther)                  \
  _(AutogradFunctionality)          \
  _(AutogradNestedTensor)           \
  _(Tracer)                         \
  _(AutocastCPU)                    \
  _(AutocastMTIA)                   \
  _(AutocastMAIA)                   \
  _(AutocastXPU)                    \
  _(AutocastIPU)                    \
  _(AutocastHPU)                    \
  _(AutocastXLA)                    \
  _(AutocastMPS)                    \
  _(AutocastCUDA)                   \
  _(AutocastPrivateUse1)            \
  _(FuncTorchBatched)               \
  _(BatchedNestedTensor)            \
  _(FuncTorchVmapMode)              \
  _(Batched)                        \
  _(VmapMode)                       \
  _(FuncTorchGradWrapper)           \
  _(DeferredInit)                   \
  _(PythonTLSSnapshot)              \
  _(FuncTorchDynamicLayerFrontMode) \
  _(TESTING_ONLY_GenericWrapper)    \
  _(TESTING_ONLY_GenericMode)       \
  _(PreDispatch)                    \
  _(PythonDispatcher)

// The functionalities that exist once for each backend, and the prefix of their runtime keys.
#define ENGINE_PER_BACKEND(_)        \
  _(Dense, )                         \
  _(Quantized, Quantized)            \
  _(Sparse, Sparse)                  \
  _(SparseCsr, SparseCsr)            \
  _(NestedTensor, NestedTensor)      \
  _(AutogradFunctionality, Autograd)

#define ENGINE_ALIASES(_)                   \
  _(Autograd)                               \
  _(CompositeImplicitAutograd)              \
  _(CompositeImplicitAutogradNestedTensor)  \
  _(CompositeExplicitAutograd)              \
  _(CompositeExplicitAutogradNonFunctional) \
  _(FuncTorchBatchedDecomposition)

// clang-format on

#define ENGINE_ENUMERATOR(name) name,
#define ENGINE_PREFIXED(prefix, name) prefix##name,
#define ENGINE_RUNTIME_KEYS(functionality, prefix) ENGINE_BACKENDS(ENGINE_PREFIXED, prefix)

enum class Backend : uint8_t { none, ENGINE_BACKENDS(ENGINE_PREFIXED, ) };

enum class DispatchKey : uint8_t {
  Undefined,
  ENGINE_FUNCTIONALITIES(ENGINE_ENUMERATOR) ENGINE_PER_BACKEND(ENGINE_RUNTIME_KEYS)
      ENGINE_ALIASES(ENGINE_ENUMERATOR)
};

#undef ENGINE_RUNTIME_KEYS
#undef ENGINE_PREFIXED
#undef ENGINE_ENUMERATOR

inline constexpr int backend_count = static_cast<int>(Backend::Meta);
inline constexpr int functionality_count =
    static_cast<int>(DispatchKey::PythonDispatcher);  // without Undefined
inline constexpr int first_runtime_key = functionality_count + 1;
inline constexpr int first_alias_key = static_cast<int>(DispatchKey::Autograd);
inline constexpr int dispatch_key_count = static_cast<int>(DispatchKey::FuncTorchBatchedDecomposition) + 1;

inline constexpr std::array<DispatchKey, 6> per_backend_functionalities{
    DispatchKey::Dense,     DispatchKey::Quantized,    DispatchKey::Sparse,
    DispatchKey::SparseCsr, DispatchKey::NestedTensor, DispatchKey::AutogradFunctionality};

// The index of `key` in per_backend_functionalities, or -1.
constexpr int per_backend_index(DispatchKey key) {
  for (int i = 0; i < static_cast<int>(per_backend_functionalities.size()); ++i)
    if (per_backend_functionalities[static_cast<size_t>(i)] == key) return i;
  return -1;
}

constexpr bool is_alias(DispatchKey key) { return static_cast<int>(key) >= first_alias_key; }
// Dense, Sparse, ...: they have a bit, but no slot without a backend.
constexpr bool is_building_block(DispatchKey key) { return per_backend_index(key) >= 0; }

// The layer of a key; Undefined for Undefined and for aliases.
constexpr DispatchKey functionality_of(DispatchKey key) {
  const int number = static_cast<int>(key);
  if (is_alias(key)) return DispatchKey::Undefined;
  if (number < first_runtime_key) return key;
  return per_backend_functionalities[static_cast<size_t>((number - first_runtime_key) / backend_count)];
}
constexpr Backend backend_of(DispatchKey key) {
  const int number = static_cast<int>(key);
  if (number < first_runtime_key || is_alias(key)) return Backend::none;
  return static_cast<Backend>((number - first_runtime_key) % backend_count + 1);
}

// SparseCUDA for (Sparse, CUDA). Undefined for a per-backend functionality without a backend.
constexpr DispatchKey runtime_key(DispatchKey functionality, Backend backend) {
  const int block = per_backend_index(functionality);
  if (block < 0) return functionality;
  if (backend == Backend::none) return DispatchKey::Undefined;
  return static_cast<DispatchKey>(first_runtime_key + block * backend_count + static_cast<int>(backend) - 1);
}

// cuda and host_cuda share a backend.
constexpr Backend backend_of(DeviceType type) {
  constexpr std::array<Backend, 5> backends{Backend::CPU, Backend::CUDA, Backend::Meta, Backend::PrivateUse1,
                                            Backend::CUDA};
  return backends[static_cast<size_t>(type)];
}

std::string_view name_of(Backend backend);
std::string_view name_of(DispatchKey key);
std::optional<DispatchKey> dispatch_key_named(std::string_view name);

}  // namespace engine
