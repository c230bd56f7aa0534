#include "corpora/case/draw.h"

#include <utility>
#include <vector>

#include "corpora/case/draw_call.h"
#include "corpora/case/draw_faults.h"
#include "corpora/case/draw_program.h"
#include "corpora/case/earlier_calls.h"
#include "corpora/case/mutate_edits.h"
#include "corpora/case/simpler_edit.h"

namespace corpora {

namespace {

// The call with a tensor that an earlier call returned, of the same operator or of one of `limits.before`.
Case on_a_result(const Supply& supply, const Operator& op, Case call, ChoiceSource& choices) {
  const std::vector<size_t>& before = supply.limits.before;
  const bool same = before.empty() || choices.chance(1, 2);
  const Operator& first = same ? op : supply.catalog.operators()[choices.pick(before)];
  DrawLimits one_call = supply.limits;
  one_call.calls_max = 1;
  Case made = draw(supply.catalog, first, supply.domains, choices, one_call);
  const bool fits = made.program.empty() && static_cast<int>(made.calls.size()) < supply.limits.calls_max &&
                    chain({made, supply, choices}, call) && fault_of(made).empty();
  return fits ? made : call;
}

}  // namespace

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
  if (is_program && limits.calls_max > 1 && choices.chance(1, 4))
    draft.made = on_a_result({catalog, domains, {}, limits}, op, std::move(draft.made), choices);
  // Last, so that the other choices do not depend on it.
  if (draft.made.calls.size() > 1 && choices.chance(1, 8)) add_call_of_several_results(draft);
  return std::move(draft.made);
}

}  // namespace corpora
