// The version profile of the torch subject: everything that depends on libtorch's version is here, and no
// other file of the subject has an #if for it. Supported: 1.13, and 2.12 and later.
#pragma once

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <c10/core/AutogradState.h>
#include <c10/util/Exception.h>
#include <torch/version.h>

#include <array>
#include <cstdint>
#include <string>

#include "oracles/dispatch/c10_rules.h"

#define FAULTLINE_TORCH_NUMBER (TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR)

#if FAULTLINE_TORCH_NUMBER < 213
#include <ATen/core/Dimname.h>
#endif
#if FAULTLINE_TORCH_NUMBER >= 200
#include <ATen/SavedTensorHooks.h>
#include <c10/core/impl/TorchDispatchModeTLS.h>
#endif

namespace oracles::aten {

inline constexpr const char* torch_version = TORCH_VERSION;
inline constexpr int torch_number = FAULTLINE_TORCH_NUMBER;

// Efficient zero tensors have no kernel on the meta device before 2.0.
inline constexpr bool zero_tensors_on_meta = torch_number >= 200;

// A ZeroTensor's storage keeps a pointer to an allocator that was a local variable and is destroyed.
inline constexpr bool zero_tensors_keep_a_gone_allocator = torch_number < 200;

// Since 2.0, a backend fallback at Meta serves every operator without a Meta kernel: it raises
// NotImplementedError.
inline constexpr bool meta_fallback_raises = torch_number >= 200;

// torch.library has functions that register one kernel or formula of an operator.
inline constexpr bool has_python_registration = torch_number >= 204;

// Printed schemas write `str` for a Dimname; the names of arguments distinguish the two.
inline constexpr bool has_dimension_names = torch_number < 213;

// The rules of this version's dispatcher.
inline constexpr C10Version c10_version{.meta_is_highest = torch_number >= 200,
                                        .effective_mask = torch_number >= 200,
                                        .guards_save_keys = torch_number >= 200,
                                        .finds_every_stale_slot = torch_number < 200,
                                        .maia_has_autograd = torch_number >= 200,
                                        .fallback_is_replaced = torch_number >= 200};

// A setting of the thread or of the process that a call must not change. Without `set`, it is only observed.
struct Setting {
  const char* name;
  int64_t (*get)();
  void (*set)(int64_t value);
};

// A setting of at::Context that is a bool.
#define FAULTLINE_CONTEXT_FLAG(NAME, GET, SET)                            \
  Setting {                                                               \
    NAME, [] { return static_cast<int64_t>(at::globalContext().GET()); }, \
        [](int64_t value) { at::globalContext().SET(value != 0); }        \
  }
// A setting of the thread's AutogradState: its part of the names of the functions.
#define FAULTLINE_AUTOGRAD_FLAG(NAME)                                                             \
  Setting {                                                                                       \
    #NAME, [] { return static_cast<int64_t>(c10::AutogradState::get_tls_state().get_##NAME()); }, \
        [](int64_t value) { c10::AutogradState::get_tls_state().set_##NAME(value != 0); }         \
  }

#if FAULTLINE_TORCH_NUMBER < 200

#define FAULTLINE_ALLOCATE_CONST const

inline bool has_symbols(const c10::TensorImpl&) { return false; }

namespace warnings = c10::Warning;

class WarningCounter final : public c10::WarningHandler {
 public:
  void process(const c10::SourceLocation&, const std::string&, const bool) override { ++count; }
  int count = 0;
};

inline constexpr std::array version_settings{
    Setting{"autocast_cpu", [] { return int64_t{at::autocast::is_cpu_enabled()}; },
            [](int64_t value) { at::autocast::set_cpu_enabled(value != 0); }},
    Setting{"autocast_cuda", [] { return int64_t{at::autocast::is_enabled()}; },
            [](int64_t value) { at::autocast::set_enabled(value != 0); }},
    Setting{"autocast_xpu", [] { return int64_t{at::autocast::is_xpu_enabled()}; },
            [](int64_t value) { at::autocast::set_xpu_enabled(value != 0); }},
    Setting{"autocast_cpu_dtype", [] { return static_cast<int64_t>(at::autocast::get_autocast_cpu_dtype()); },
            [](int64_t value) { at::autocast::set_autocast_cpu_dtype(static_cast<at::ScalarType>(value)); }}};

#else

#define FAULTLINE_ALLOCATE_CONST

// Whether sizes, strides or the offset of a tensor are symbols.
inline bool has_symbols(const c10::TensorImpl& impl) { return impl.has_symbolic_sizes_strides(); }

namespace warnings = c10::WarningUtils;

class WarningCounter final : public c10::WarningHandler {
 public:
  void process(const c10::Warning&) override { ++count; }
  int count = 0;
};

#define FAULTLINE_AUTOCAST(NAME, DEVICE)                                                                    \
  Setting{"autocast_" NAME, [] { return int64_t{at::autocast::is_autocast_enabled(DEVICE)}; },              \
          [](int64_t value) { at::autocast::set_autocast_enabled(DEVICE, value != 0); }},                   \
      Setting {                                                                                             \
    "autocast_" NAME "_dtype",                                                                              \
        [] { return static_cast<int64_t>(at::autocast::get_autocast_dtype(DEVICE)); },                      \
        [](int64_t value) { at::autocast::set_autocast_dtype(DEVICE, static_cast<at::ScalarType>(value)); } \
  }

inline constexpr std::array version_settings{
    FAULTLINE_AUTOCAST("cpu", at::kCPU),
    FAULTLINE_AUTOCAST("cuda", at::kCUDA),
    FAULTLINE_AUTOCAST("xpu", at::kXPU),
    FAULTLINE_AUTOGRAD_FLAG(multithreading_enabled),
    FAULTLINE_AUTOGRAD_FLAG(view_replay_enabled),
    FAULTLINE_CONTEXT_FLAG("deterministic_fill", deterministicFillUninitializedMemory,
                           setDeterministicFillUninitializedMemory),
    FAULTLINE_CONTEXT_FLAG("flash_attention", userEnabledFlashSDP, setSDPUseFlash),
    FAULTLINE_CONTEXT_FLAG("memory_efficient_attention", userEnabledMemEfficientSDP, setSDPUseMemEfficient),
    FAULTLINE_CONTEXT_FLAG("math_attention", userEnabledMathSDP, setSDPUseMath),
    FAULTLINE_CONTEXT_FLAG("overrideable_attention", userEnabledOverrideableSDP, setSDPUseOverrideable),
    FAULTLINE_CONTEXT_FLAG("reduced_math_attention", allowFP16BF16ReductionMathSDP,
                           setAllowFP16BF16ReductionMathSDP),
    FAULTLINE_CONTEXT_FLAG("vmap_fallback_warnings", areVmapFallbackWarningsEnabled,
                           setDisplayVmapFallbackWarnings),
    Setting{"check_sparse_tensors",
            [] { return int64_t{at::globalContext().checkSparseTensorInvariants().value_or(false)}; },
            [](int64_t value) { at::globalContext().setCheckSparseTensorInvariants(value != 0); }},
    Setting{"dispatch_modes", [] { return c10::impl::TorchDispatchModeTLS::stack_len(); },
            [](int64_t length) {
              while (c10::impl::TorchDispatchModeTLS::stack_len() > length)
                (void)c10::impl::TorchDispatchModeTLS::pop_stack();
            }},
    Setting{"saved_tensor_hooks", [] { return int64_t{at::SavedTensorDefaultHooks::is_enabled()}; },
            [](int64_t value) {
              if (value != 0)
                at::SavedTensorDefaultHooks::enable();
              else
                at::SavedTensorDefaultHooks::disable("disabled");
            }}};

#undef FAULTLINE_AUTOCAST
#endif

// Named dimensions are gone since 2.13.
#if FAULTLINE_TORCH_NUMBER < 213
using Dimname = at::Dimname;
inline bool is_dimension_name(const std::string& name) { return name == "*" || Dimname::isValidName(name); }
inline c10::IValue dimension_name(const std::string& name) {
  return name == "*" ? Dimname::wildcard() : Dimname::fromSymbol(c10::Symbol::dimname(name));
}
#else
struct Dimname {};
inline bool is_dimension_name(const std::string&) { return false; }
inline c10::IValue dimension_name(const std::string&) { return {}; }
#endif

}  // namespace oracles::aten
