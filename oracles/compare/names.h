// Names of enumerators, in their order, and back.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace oracles {

template <class Enum, size_t n>
std::optional<Enum> enumerator_named(const std::array<std::string_view, n>& names, std::string_view name) {
  const auto at = std::ranges::find(names, name);
  if (at == names.end()) return std::nullopt;
  return static_cast<Enum>(at - names.begin());
}

}  // namespace oracles
