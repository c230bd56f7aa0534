// Whether this code is built with AddressSanitizer: a constant, and the macro ENGINE_ADDRESS_SANITIZER for
// code that includes the sanitizer's headers.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define ENGINE_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ENGINE_ADDRESS_SANITIZER
#endif
#endif

namespace engine {

#ifdef ENGINE_ADDRESS_SANITIZER
inline constexpr bool has_address_sanitizer = true;
#else
inline constexpr bool has_address_sanitizer = false;
#endif

}  // namespace engine
