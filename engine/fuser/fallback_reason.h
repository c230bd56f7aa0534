// FallbackReason: why a fused group ran with the fallback, which interprets the original graph.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace engine::fuser {

enum class FallbackReason : uint8_t {
  none,
  fuser_off,  // the setting; decided before the key is looked up
  undefined_input,
  not_a_tensor,
  no_fuser_for_device,  // of the first input
  other_device,         // than that of the first input
  lazy_elements,        // memory does not hold the values: ZeroTensor, Conjugate, Negative
  wrapped_input,        // an input has keys whose layers must see each call
  thread_keys,          // the thread has such keys
  gradient,             // an input requires a gradient, which each call must record
  not_broadcastable,
  not_divisible,      // the size that a prim::ConstantChunk divides
  refused_arguments,  // an operator of the group will raise
  replaced_kernel,    // an operator's kernel is not the declared one
  not_pointwise,      // an operator that kernels cannot contain
  concat_is_read,     // a node of the group reads what a prim::FusedConcat gives
  no_source,          // dtypes or functors without C source
  compiler            // there is none, or it failed: see Fuser::compiler_message()
};
inline constexpr size_t fallback_reason_count = 18;

constexpr std::string_view name_of(FallbackReason reason) {
  constexpr std::array<std::string_view, fallback_reason_count> names{"none",
                                                                      "the fuser is off",
                                                                      "an input is undefined",
                                                                      "an input is not a tensor",
                                                                      "no fuser for the device",
                                                                      "inputs on two devices",
                                                                      "lazy elements",
                                                                      "a wrapped input",
                                                                      "keys of the thread",
                                                                      "a gradient",
                                                                      "sizes that do not broadcast",
                                                                      "a size that cannot be divided",
                                                                      "refused arguments",
                                                                      "a replaced kernel",
                                                                      "not pointwise",
                                                                      "a concatenation is read",
                                                                      "no C source",
                                                                      "no compiled kernel"};
  return names[static_cast<size_t>(reason)];
}

}  // namespace engine::fuser
