#include "oracles/gradients/incoming_draw.h"

#include "corpora/case/choice_source.h"

namespace oracles {

IncomingDraw incoming_draw(int32_t n, size_t call, size_t result, size_t pass) {
  constexpr uint64_t stream = 0x696e636f6d696e67;  // "incoming"
  corpora::PhiloxChoices choices(stream, static_cast<uint64_t>(n), call << 16 | result);
  IncomingDraw draw;
  draw.defined = !choices.chance(1, 4);
  constexpr auto forms = static_cast<uint64_t>(GradientForm::count);
  draw.form = static_cast<GradientForm>((choices.below(forms) + pass) % forms);
  return draw;
}

}  // namespace oracles
