#include "corpora/case/mutate.h"

#include <algorithm>
#include <array>

#include "corpora/case/mutate_edits.h"
#include "corpora/case/simpler_edit.h"

namespace corpora {
namespace {

using Edit = bool (*)(Mutation);
// Small changes are listed twice.
constexpr std::array<Edit, 18> edits{
    redraw_fill,    redraw_fill,    edit_element, redraw_dtype, redraw_dtype,  redraw_view,
    redraw_view,    resize,         resize,       change_rank,  share_storage, unshare_storage,
    nudge_argument, nudge_argument, graft_drawn,  graft_drawn,  redraw_path,   insert_call};
constexpr std::array<Edit, 2> edits_of_calls{remove_call, chain_drawn};

using Joint = bool (*)(Mutation, const Case&);
constexpr std::array<Joint, 4> joints{graft, chain, take_geometry, take_storage};

constexpr size_t calls_max = 4;

bool fits(const Case& c, const Catalog& catalog) {
  return std::ranges::all_of(c.calls, [&](const Call& call) {
    const Operator* op = catalog.find(call.op);
    return op && op->schema.arguments.size() == call.arguments.size();
  });
}

// Drawn tensors are within the limit; mutated ones may be a few times larger.
bool is_small(const Case& c, const DrawLimits& limits) {
  const int64_t most = 4 * limits.elements_max;
  return c.calls.size() <= calls_max &&
         std::ranges::all_of(c.inputs,
                             [&](const Input& i) { return engine::element_count(i.sizes) <= most; }) &&
         std::ranges::all_of(c.storages, [&](const Storage& s) { return s.elements <= 4 * most; });
}

bool settle(Case& c, const Supply& supply) {
  if (!fault_of(c).empty()) return false;
  edit::drop_unused(c);
  return is_small(c, supply.limits) && fault_of(c).empty();
}

// Applies `change` to the case, unless it returns false or the result is not well formed.
template <class Change>
bool attempt(Case& c, const Supply& supply, Change&& change) {
  Case changed = c;
  if (!change(changed) || !settle(changed, supply)) return false;
  c = std::move(changed);
  return true;
}

Case redrawn(const Case& c, const Supply& supply, ChoiceSource& choices) {
  const Operator* op = supply.catalog.find(c.calls.back().op);
  Case made = op && choices.chance(1, 2) ? draw(supply.catalog, *op, supply.domains, choices, supply.limits)
                                         : draw(supply, choices);
  made.header.subject = c.header.subject;
  made.header.load = c.header.load;
  return made;
}

bool edit_once(Case& c, const Supply& supply, ChoiceSource& choices) {
  return attempt(c, supply, [&](Case& changed) {
    const Edit chosen = choices.chance(1, 10) ? choices.pick(edits_of_calls) : choices.pick(edits);
    return chosen({changed, supply, choices});
  });
}

}  // namespace

Case draw(const Supply& supply, ChoiceSource& choices) {
  const Operator& op = supply.catalog.operators()[choices.pick(supply.operators)];
  return draw(supply.catalog, op, supply.domains, choices, supply.limits);
}

Case mutate(const Case& c, const Supply& supply, ChoiceSource& choices) {
  if (!fits(c, supply.catalog)) return draw(supply, choices);
  if (choices.chance(1, 16)) return redrawn(c, supply, choices);
  Case made = c;
  if (!c.program.empty()) {
    made.program = mutate(c.program, choices);
    return made;
  }
  uint64_t wanted = choices.chance(1, 2) ? 1 : 1 + choices.below(4);
  for (int tries = 0; wanted > 0 && tries < 16; ++tries) wanted -= edit_once(made, supply, choices);
  return made == c ? redrawn(c, supply, choices) : made;
}

Case cross(const Case& c, const Case& other, const Supply& supply, ChoiceSource& choices) {
  const bool alike = c.program.empty() == other.program.empty();
  if (!alike || !fits(c, supply.catalog) || !fits(other, supply.catalog)) return mutate(c, supply, choices);
  Case made = c;
  if (!c.program.empty()) {
    made.program = cross(c.program, other.program, choices);
    return made;
  }
  for (int tries = 0; tries < 8; ++tries)
    if (attempt(made, supply,
                [&](Case& changed) { return choices.pick(joints)({changed, supply, choices}, other); }))
      return made;
  return mutate(c, supply, choices);
}

}  // namespace corpora
