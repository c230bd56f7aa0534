#include "oracles/subjects/torch/thread_state.h"

#include <ATen/Parallel.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/ScalarTypeToTypeMeta.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace oracles::aten {

namespace {

// Rounding and denormal modes of the processor.
int64_t float_control() {
#if defined(__SSE__)
  return _mm_getcsr() & ~uint32_t{_MM_EXCEPT_MASK};
#else
  return 0;
#endif
}

void set_float_control([[maybe_unused]] int64_t control) {
#if defined(__SSE__)
  _mm_setcsr(static_cast<uint32_t>(control));
#endif
}

c10::DispatchKeySet key_set(int64_t raw) {
  return c10::DispatchKeySet(c10::DispatchKeySet::RAW, static_cast<uint64_t>(raw));
}

int64_t included() {
  return static_cast<int64_t>(c10::impl::tls_local_dispatch_key_set().included_.raw_repr());
}
int64_t excluded() {
  return static_cast<int64_t>(c10::impl::tls_local_dispatch_key_set().excluded_.raw_repr());
}

void include(int64_t raw) {
  c10::impl::LocalDispatchKeySet keys = c10::impl::tls_local_dispatch_key_set();
  keys.included_ = key_set(raw);
  c10::impl::_force_tls_local_dispatch_key_set(keys);
}
void exclude(int64_t raw) {
  c10::impl::LocalDispatchKeySet keys = c10::impl::tls_local_dispatch_key_set();
  keys.excluded_ = key_set(raw);
  c10::impl::_force_tls_local_dispatch_key_set(keys);
}

int64_t matmul_precision() { return static_cast<int64_t>(at::globalContext().float32MatmulPrecision()); }
void set_matmul_precision(int64_t value) {
  constexpr const char* names[]{"highest", "high", "medium"};  // in the order of Float32MatmulPrecision
  at::globalContext().setFloat32MatmulPrecision(names[value]);
}

constexpr std::array<Setting, common_settings> common{{
    FAULTLINE_AUTOGRAD_FLAG(grad_mode),
    FAULTLINE_AUTOGRAD_FLAG(fw_grad_mode),
    FAULTLINE_AUTOGRAD_FLAG(inference_mode),
    {"deterministic", [] { return int64_t{at::globalContext().deterministicAlgorithms()}; },
     [](int64_t value) {
       at::globalContext().setDeterministicAlgorithms(value != 0,
                                                      at::globalContext().deterministicAlgorithmsWarnOnly());
     }},
    {"deterministic_warn_only", [] { return int64_t{at::globalContext().deterministicAlgorithmsWarnOnly()}; },
     [](int64_t value) {
       at::globalContext().setDeterministicAlgorithms(at::globalContext().deterministicAlgorithms(),
                                                      value != 0);
     }},
    {"matmul_precision", matmul_precision, set_matmul_precision},
    {"default_dtype", [] { return static_cast<int64_t>(c10::get_default_dtype_as_scalartype()); },
     [](int64_t value) {
       c10::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<c10::ScalarType>(value)));
     }},
    {"threads", [] { return int64_t{at::get_num_threads()}; },
     [](int64_t value) { at::set_num_threads(static_cast<int>(value)); }},
    {"float_control", float_control, set_float_control},
    // Last, because other settings change the thread's key sets.
    {"included", included, include},
    {"excluded", excluded, exclude},
}};

// Of every version first, because the key sets must come last: `visit(row, index)`.
template <class Visit>
void for_each_setting(Visit&& visit) {
  size_t index = 0;
  for (const Setting& row : version_settings) visit(row, index++);
  for (const Setting& row : common) visit(row, index++);
}

std::string value_text(const Setting& row, int64_t value) {
  if (row.get == included || row.get == excluded) return fmt::format("{:#x}", static_cast<uint64_t>(value));
  if (std::string_view(row.name).ends_with("dtype"))
    return c10::toString(static_cast<c10::ScalarType>(value));
  return fmt::format("{}", value);
}

}  // namespace

ThreadSettings current_settings() {
  ThreadSettings now;
  for_each_setting([&](const Setting& row, size_t i) { now[i] = row.get(); });
  return now;
}

void restore(const ThreadSettings& settings) {
  for_each_setting([&](const Setting& row, size_t i) {
    if (row.get() != settings[i]) row.set(settings[i]);
  });
}

std::string to_text(const ThreadSettings& settings) {
  std::string text;
  for_each_setting([&](const Setting& row, size_t i) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={}", row.name, value_text(row, settings[i]));
  });
  return text;
}

}  // namespace oracles::aten
