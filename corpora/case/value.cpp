#include "corpora/case/value.h"

#include <bit>

namespace corpora {

bool operator==(const Value& a, const Value& b) {
  return a.kind == b.kind && a.tensor == b.tensor && a.integer == b.integer &&
         std::bit_cast<uint64_t>(a.real) == std::bit_cast<uint64_t>(b.real) &&
         std::bit_cast<uint64_t>(a.imaginary) == std::bit_cast<uint64_t>(b.imaginary) && a.dtype == b.dtype &&
         a.text == b.text && a.list == b.list;
}

}  // namespace corpora
