#include "corpora/case/draw.h"

#include <utility>

#include "corpora/case/draw_call.h"
#include "corpora/case/draw_faults.h"
#include "corpora/case/draw_program.h"
#include "corpora/case/draw_programs.h"
#include "engine/core/check.h"

namespace corpora {
namespace {

// An undefined tensor, or a result, in place of one leaves an input that nothing uses; inputs are renumbered
// without it.
void drop_unused(Case& made) {
  std::vector<int32_t> renumbered(made.inputs.size(), -1);
  const auto each = [&](auto&& visit) {
    for (Call& call : made.calls)
      for (Value& argument : call.arguments) for_each_tensor(argument, visit);
  };
  each([&](const TensorRef& ref) {
    if (ref.is_input()) renumbered[static_cast<size_t>(ref.index)] = 0;
  });
  std::vector<Input> inputs;
  std::vector<int32_t> storages(made.storages.size(), -1);
  for (size_t i = 0; i < made.inputs.size(); ++i) {
    if (renumbered[i] < 0) continue;
    renumbered[i] = static_cast<int32_t>(inputs.size());
    storages[static_cast<size_t>(made.inputs[i].storage)] = 0;
    inputs.push_back(std::move(made.inputs[i]));
  }
  each([&](TensorRef& ref) {
    if (ref.is_input()) ref.index = renumbered[static_cast<size_t>(ref.index)];
  });
  std::vector<Storage> kept;
  for (size_t s = 0; s < made.storages.size(); ++s) {
    if (storages[s] < 0) continue;
    storages[s] = static_cast<int32_t>(kept.size());
    kept.push_back(std::move(made.storages[s]));
  }
  for (Input& input : inputs) input.storage = storages[static_cast<size_t>(input.storage)];
  made.inputs = std::move(inputs);
  made.storages = std::move(kept);
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
  if (is_program || is_faulty) drop_unused(draft.made);
  // Chosen last: every other draw is the same for a seed as it was without this.
  if (draft.made.calls.size() > 1 && choices.chance(1, 8)) add_call_of_several_results(draft);
  return std::move(draft.made);
}

}  // namespace corpora
