#include "engine/core/sym_int.h"

#include <algorithm>

#include "engine/core/error.h"

namespace engine {

int64_t computed(SymOp op, int64_t a, int64_t b) {
  int64_t result = 0;
  const auto limit = [](bool negative) { return negative ? INT64_MIN : INT64_MAX; };
  switch (op) {
    case SymOp::add:
      return __builtin_add_overflow(a, b, &result) ? limit(a < 0) : result;
    case SymOp::sub:
      return __builtin_sub_overflow(a, b, &result) ? limit(a < 0) : result;
    case SymOp::mul:
      return __builtin_mul_overflow(a, b, &result) ? limit((a < 0) != (b < 0)) : result;
    case SymOp::div:
    case SymOp::mod: {
      if (b == 0) throw Error("division of a size by zero");
      if (b == -1) return op == SymOp::mod ? 0 : computed(SymOp::sub, 0, a);
      const int64_t rest = a % b;
      const bool down = rest != 0 && (rest < 0) != (b < 0);
      return op == SymOp::div ? a / b - (down ? 1 : 0) : rest + (down ? b : 0);
    }
    case SymOp::min:
      return std::min(a, b);
    case SymOp::max:
      return std::max(a, b);
  }
  return 0;
}

int64_t SymInt::of_numbers(SymOp op, int64_t a, int64_t b) { return computed(op, a, b); }

std::string to_string(const SymInt& number) {
  return number.is_symbol() ? number.node()->text() : std::to_string(number.hint());
}

}  // namespace engine
