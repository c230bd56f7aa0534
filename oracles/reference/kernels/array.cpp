#include "oracles/reference/kernels/array.h"

namespace reference {

int64_t wrapped(DType dtype, int64_t value) {
  if (dtype == DType::b8) return value != 0;
  return engine::with_stored(dtype, [&]<class Stored>() -> int64_t {
    if constexpr (std::is_integral_v<Stored>)
      return static_cast<int64_t>(static_cast<Stored>(value));
    else
      return value;
  });
}

size_t countable(const Dims& sizes) {
  constexpr int64_t limit = int64_t{1} << 20;
  const int64_t count = engine::element_count(sizes);
  if (count > limit) throw Unknown{"too many elements to compute"};
  return static_cast<size_t>(count);
}

std::vector<size_t> places(const Dims& sizes, const Dims& strides, int64_t offset) {
  std::vector<size_t> made;
  made.reserve(countable(sizes));
  engine::for_each_position(sizes, strides, offset,
                            [&](int64_t at) { made.push_back(static_cast<size_t>(at)); });
  return made;
}

}  // namespace reference
