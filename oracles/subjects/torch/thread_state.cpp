#include "oracles/subjects/torch/thread_state.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <c10/core/AutogradState.h>
#include <c10/core/DefaultDtype.h>
#include <c10/core/ScalarTypeToTypeMeta.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <fmt/format.h>
#if defined(__SSE__)
#include <xmmintrin.h>
#endif

namespace oracles::aten {

namespace {

uint32_t float_control() {
#if defined(__SSE__)
  return _mm_getcsr() & ~uint32_t{_MM_EXCEPT_MASK};
#else
  return 0;
#endif
}

void set_float_control([[maybe_unused]] uint32_t control) {
#if defined(__SSE__)
  _mm_setcsr(control);
#endif
}

}  // namespace

ThreadSettings current_settings() {
  ThreadSettings now;
  c10::impl::LocalDispatchKeySet keys = c10::impl::tls_local_dispatch_key_set();
  now.included = keys.included_.raw_repr();
  now.excluded = keys.excluded_.raw_repr();
  const c10::AutogradState& autograd = c10::AutogradState::get_tls_state();
  now.grad_mode = autograd.get_grad_mode();
  now.forward_grad_mode = autograd.get_fw_grad_mode();
  now.inference_mode = autograd.get_inference_mode();
  const at::Context& context = at::globalContext();
  now.deterministic = context.deterministicAlgorithms();
  now.deterministic_warn_only = context.deterministicAlgorithmsWarnOnly();
  now.matmul_precision = static_cast<int8_t>(context.float32MatmulPrecision());
  now.autocast_cpu = at::autocast::is_cpu_enabled();
  now.autocast_cuda = at::autocast::is_enabled();
  now.autocast_xpu = at::autocast::is_xpu_enabled();
  now.autocast_cache = at::autocast::is_autocast_cache_enabled();
  now.autocast_cpu_dtype = static_cast<int8_t>(at::autocast::get_autocast_cpu_dtype());
  now.default_dtype = static_cast<int8_t>(c10::get_default_dtype_as_scalartype());
  now.threads = at::get_num_threads();
  now.float_control = float_control();
  return now;
}

void restore(const ThreadSettings& settings) {
  c10::AutogradState::set_tls_state(
      {settings.grad_mode, settings.inference_mode, settings.forward_grad_mode});
  at::globalContext().setDeterministicAlgorithms(settings.deterministic, settings.deterministic_warn_only);
  at::globalContext().setFloat32MatmulPrecision(
      static_cast<at::Float32MatmulPrecision>(settings.matmul_precision));
  at::autocast::set_cpu_enabled(settings.autocast_cpu);
  at::autocast::set_enabled(settings.autocast_cuda);
  at::autocast::set_xpu_enabled(settings.autocast_xpu);
  at::autocast::set_autocast_cache_enabled(settings.autocast_cache);
  at::autocast::set_autocast_cpu_dtype(static_cast<at::ScalarType>(settings.autocast_cpu_dtype));
  c10::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<c10::ScalarType>(settings.default_dtype)));
  if (at::get_num_threads() != settings.threads) at::set_num_threads(settings.threads);
  set_float_control(settings.float_control);
  // Last, because the autocast switches change the thread's key sets.
  c10::impl::LocalDispatchKeySet keys = c10::impl::tls_local_dispatch_key_set();
  keys.included_ = c10::DispatchKeySet(c10::DispatchKeySet::RAW, settings.included);
  keys.excluded_ = c10::DispatchKeySet(c10::DispatchKeySet::RAW, settings.excluded);
  c10::impl::_force_tls_local_dispatch_key_set(keys);
}

std::string to_text(const ThreadSettings& s) {
  return fmt::format(
      "included={:#x} excluded={:#x} grad={:d} forward_grad={:d} inference={:d} deterministic={:d}{} "
      "autocast_cpu={:d} "
      "autocast_cuda={:d} autocast_xpu={:d} autocast_cache={:d} autocast_cpu_dtype={} default_dtype={} "
      "matmul_precision={} threads={} float_control={:#x}",
      s.included, s.excluded, s.grad_mode, s.forward_grad_mode, s.inference_mode, s.deterministic,
      s.deterministic_warn_only ? "(warn)" : "", s.autocast_cpu, s.autocast_cuda, s.autocast_xpu,
      s.autocast_cache, c10::toString(static_cast<c10::ScalarType>(s.autocast_cpu_dtype)),
      c10::toString(static_cast<c10::ScalarType>(s.default_dtype)), s.matmul_precision, s.threads,
      s.float_control);
}

}  // namespace oracles::aten
