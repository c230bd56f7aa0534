#include "corpora/case/draw.h"

#include <utility>

#include "corpora/case/draw_call.h"
#include "corpora/case/draw_faults.h"
#include "corpora/case/draw_program.h"
#include "corpora/case/earlier_calls.h"
#include "corpora/case/simpler_edit.h"

namespace corpora {

Case draw(const Catalog& catalog, const Operator& op, const Domains& domains, ChoiceSource& choices,
          const DrawLimits& limits) {
  if (op.name == program_operator) {
    Case made;
    made.calls.push_back({op.name, {}, {}});
    made.program = draw_program(choices);
    return made;
  }
  const bool is_program = choices.chance(1, 10);
  const bool is_faulty = choices.chance(1, 12);
  Draft draft{catalog, domains, choices, limits};
  for (int64_t cap : {128, 8, 4, 3, 2, 1}) {
    draft.size_cap = cap;
    draft.too_large = false;
    draft.made = {};
    draw_call(draft, op);
    if (!draft.too_large) break;
  }
  if (is_program) {
    const int more = choices.chance(1, 4) ? 2 : 1;
    for (int i = 0; i < more && static_cast<int>(draft.made.calls.size()) < limits.calls_max; ++i)
      add_earlier_call(draft);
  }
  if (is_faulty) add_fault(draft);
  if (is_program || is_faulty) edit::drop_unused(draft.made);
  // Last, so that the other choices do not depend on it.
  if (draft.made.calls.size() > 1 && choices.chance(1, 8)) add_call_of_several_results(draft);
  return std::move(draft.made);
}

}  // namespace corpora
