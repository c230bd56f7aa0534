#include "oracles/subjects/snapshots.h"

namespace oracles {

int32_t RunNames::storage(const void* identity) {
  for (const auto& [known, index] : storages_)
    if (known == identity) return index;
  storages_.emplace_back(identity, next_);
  return next_++;
}

int32_t RunNames::input(const void* identity) const {
  const auto found = std::ranges::find(inputs_, identity);
  return found == inputs_.end() ? -1 : static_cast<int32_t>(found - inputs_.begin());
}

bool needs_memory(TensorSnapshot& shot) {
  constexpr int64_t values_limit = int64_t{1} << 20;  // an expanded result can be larger than the memory
  const int64_t count = engine::element_count(shot.sizes);
  if (count > values_limit) return false;
  if (!shot.zero) return true;
  shot.values.assign(static_cast<size_t>(count) * engine::size_of(shot.dtype), std::byte{0});
  shot.has_values = true;
  return false;
}

void read_values(TensorSnapshot& shot, const std::byte* memory, size_t bytes) {
  const auto elements = static_cast<int64_t>(bytes / engine::size_of(shot.dtype));
  const bool empty = engine::element_count(shot.sizes) == 0;
  if (!empty && !(memory && engine::fits(shot.sizes, shot.strides, shot.offset, elements))) {
    shot.type_name = "a view that is larger than its storage";
    return;
  }
  shot.values = logical_values(shot.dtype, memory, shot);
  shot.has_values = true;
}

std::string first_line(std::string_view text) {
  constexpr size_t longest = 400;
  return std::string(text.substr(0, std::min(text.find('\n'), longest)));
}

}  // namespace oracles
