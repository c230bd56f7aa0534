#include "fuzz/targets/driver/case_target.h"

#include <span>

#include "corpora/case/text.h"
#include "engine/core/input_error.h"

namespace fuzz {
namespace {

// The text of a case, if one of four is short enough; else empty.
template <class Make>
std::string text_within(size_t most, Make&& make) {
  for (int tries = 0; tries < 4; ++tries)
    if (std::string text = corpora::to_text(make()); text.size() <= most) return text;
  return {};
}

}  // namespace

corpora::Case CaseTarget::case_of(std::string_view input) const {
  try {
    return corpora::parse_case(input, "input");
  } catch (const engine::InputError&) {
    corpora::ByteChoices choices(std::as_bytes(std::span(input)));
    return drawn(choices);
  }
}

corpora::Case CaseTarget::drawn(corpora::ChoiceSource& choices) const {
  return corpora::draw(supply(), choices);
}

void CaseTarget::run(std::string_view input) { judge(case_of(input)); }

std::string CaseTarget::mutated(std::string_view input, size_t most, corpora::ChoiceSource& choices) {
  // Half of the inputs are drawn anew: drawing reaches the thousands of operators faster than mutation does.
  if (settings().only_draws || choices.chance(1, 2)) return text_within(most, [&] { return drawn(choices); });
  const corpora::Case c = case_of(input);
  return text_within(most, [&] { return corpora::mutate(c, supply(), choices); });
}

std::string CaseTarget::crossed(std::string_view input, std::string_view other, size_t most,
                                corpora::ChoiceSource& choices) {
  if (settings().only_draws) return {};
  const corpora::Case c = case_of(input), from = case_of(other);
  return text_within(most, [&] { return corpora::cross(c, from, supply(), choices); });
}

}  // namespace fuzz
