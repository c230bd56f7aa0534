#include "engine/core/dispatch_key.h"

namespace engine {

#define ENGINE_NAME(name) #name,
#define ENGINE_PREFIXED_NAME(prefix, name) #prefix #name,
#define ENGINE_RUNTIME_NAMES(functionality, prefix) ENGINE_BACKENDS(ENGINE_PREFIXED_NAME, prefix)

namespace {

constexpr std::array<std::string_view, dispatch_key_count> key_names{
    "Undefined",
    ENGINE_FUNCTIONALITIES(ENGINE_NAME) ENGINE_PER_BACKEND(ENGINE_RUNTIME_NAMES) ENGINE_ALIASES(ENGINE_NAME)};
constexpr std::array<std::string_view, backend_count + 1> backend_names{
    "none", ENGINE_BACKENDS(ENGINE_PREFIXED_NAME, )};

static_assert(!key_names.back().empty() && !backend_names.back().empty());
static_assert(functionality_count == 47 && backend_count == 16);

}  // namespace

std::string_view name_of(Backend backend) { return backend_names[static_cast<size_t>(backend)]; }

std::string_view name_of(DispatchKey key) { return key_names[static_cast<size_t>(key)]; }

std::optional<DispatchKey> dispatch_key_named(std::string_view name) {
  for (int number = 0; number < dispatch_key_count; ++number)
    if (key_names[static_cast<size_t>(number)] == name) return static_cast<DispatchKey>(number);
  return std::nullopt;
}

}  // namespace engine
