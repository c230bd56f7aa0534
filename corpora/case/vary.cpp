#include "corpora/case/vary.h"

#include <algorithm>
#include <array>
#include <utility>

#include "corpora/case/case_defaults.h"
#include "corpora/case/simpler_edit.h"
#include "corpora/case/vary_edits.h"

namespace corpora {
namespace {

bool holds_tensors(const Value& value) {
  bool found = false;
  for_each_tensor(value, [&](const TensorRef&) { found = true; });
  return found;
}

// The number of elements of the largest view.
int64_t largest_view(const Case& c) {
  int64_t largest = 0;
  for (const Input& input : c.inputs) largest = std::max(largest, engine::element_count(input.sizes));
  return largest;
}

Value* some_argument(Mutation m, size_t& at) {
  Call& call = m.c.calls.back();
  if (call.arguments.empty()) return nullptr;
  at = m.choices.below(call.arguments.size());
  return &call.arguments[at];
}

// An argument gets its default; an optional one becomes None.
bool leave_out(Mutation m) {
  size_t at = 0;
  Value* value = some_argument(m, at);
  if (!value) return false;
  const auto preset = default_of(m.supply.catalog.find(m.c.calls.back().op)->schema.arguments[at]);
  if (!preset || *value == *preset) return false;
  *value = *preset;
  return true;
}

// An argument that is not a tensor is drawn again, from its domain.
bool redraw_argument(Mutation m) {
  size_t at = 0;
  Value* value = some_argument(m, at);
  if (!value || holds_tensors(*value)) return false;
  const Operator& op = *m.supply.catalog.find(m.c.calls.back().op);
  const Case drawn = draw(m.supply.catalog, op, m.supply.domains, m.choices, m.supply.limits);
  if (drawn.calls.empty() || drawn.calls.back().op != op.name) return false;
  const Value& other = drawn.calls.back().arguments[at];
  if (holds_tensors(other) || other == *value) return false;
  *value = other;
  return true;
}

using Edit = bool (*)(Mutation);
// As often as they are listed.
constexpr std::array<Edit, 24> edits{move_size,   move_size,   move_size,   move_size,       move_size,
                                     move_size,   vary_layout, vary_layout, vary_layout,     vary_layout,
                                     vary_dtype,  vary_dtype,  vary_dtype,  vary_values,     vary_values,
                                     vary_values, vary_values, vary_values, redraw_argument, redraw_argument,
                                     leave_out,   leave_out,   insert_call, nudge_argument};

class Variation {
 public:
  Variation(Case sample, const Supply& supply, ChoiceSource& choices)
      : made_(std::move(sample)), supply_(supply), choices_(choices) {}

  Case vary(const Case& other) {
    shrink();
    if (choices_.chance(1, 8)) attempt([&](Mutation m) { return graft(m, other); });
    uint64_t wanted = choices_.chance(1, 2) ? 1 : 1 + choices_.below(4);
    for (int tries = 0; wanted > 0 && tries < 16; ++tries) {
      const Edit edit = choices_.pick(edits);
      wanted -= attempt(edit);
    }
    return std::move(made_);
  }

 private:
  // Cases of real programs may be large; most changes of them are small.
  void shrink() {
    if (choices_.chance(1, 8)) return;
    for (int tries = 0; tries < 24 && largest_view(made_) > supply_.limits.elements_max; ++tries)
      if (!attempt(halve_largest)) return;
  }

  template <class Change>
  bool attempt(Change&& change) {
    Case changed = made_;
    if (!change(Mutation{changed, supply_, choices_}) || !settle(changed)) return false;
    made_ = std::move(changed);
    return true;
  }

  // A tensor may be as large as the largest of the case, or a few times larger than a drawn one.
  bool settle(Case& c) const {
    if (!fault_of(c).empty()) return false;
    edit::drop_unused(c);
    const int64_t most = std::max(4 * supply_.limits.elements_max, largest_view(made_));
    return largest_view(c) <= most && storage_bytes(c) <= std::max(storage_bytes(made_), 64 * most) &&
           fault_of(c).empty();
  }

  Case made_;
  const Supply& supply_;
  ChoiceSource& choices_;
};

}  // namespace

Case vary(const std::vector<const Case*>& samples, const Supply& supply, ChoiceSource& choices) {
  const Case& sample = *choices.pick(samples);
  const Case& other = *choices.pick(samples);
  return Variation(sample, supply, choices).vary(other);
}

}  // namespace corpora
