// Incoming draws: what the layer incoming(n) chooses for each result of a program: whether its incoming
// gradient is undefined, and how it is stored. Promises: a draw depends only on n and on the place of the
// result.
#pragma once

#include <cstddef>
#include <cstdint>

namespace oracles {

// How an incoming gradient is stored.
enum class GradientForm : uint8_t {
  plain,       // contiguous, or expanded if all its elements are equal
  strided,     // columns first, and gaps
  lazy,        // with the neg bit and, if it is complex, the conj bit
  transposed,  // columns first
  sliced,      // rows first, and gaps
  count
};

struct IncomingDraw {
  bool defined = true;
  GradientForm form = GradientForm::plain;
};

inline constexpr int32_t incoming_draws = 64;

// `pass`: a program is run backwards twice, with other forms.
IncomingDraw incoming_draw(int32_t n, size_t call, size_t result, size_t pass = 0);

}  // namespace oracles
