// arguments: the last call (left) and the same call with one argument in an equivalent spelling (right) agree
// within the tolerance of the operator, or both raise.
#include <algorithm>

#include "corpora/case/text.h"
#include "oracles/oracle_checks.h"
#include "oracles/relations/forms.h"
#include "oracles/relations/relation.h"
#include "oracles/relations/respelling.h"
#include "oracles/trial/effects.h"
#include "oracles/trial/exclusions.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

namespace {

using corpora::LayerKind;

const Exclusions& distinguishes_spellings() {
  static const Exclusions list = Exclusions::beside_uninitialised({});
  return list;
}

const Respelling* chosen(const Trial& trial, const std::vector<Respelling>& all) {
  for (const corpora::Layer& layer : trial.requested_path()) {
    if (layer.kind != LayerKind::form) continue;
    const auto found = std::ranges::find(all, layer.storage, &Respelling::form);
    return found == all.end() ? nullptr : &*found;
  }
  if (all.empty()) return nullptr;
  return &all[trial.choices(rewriting::spelled).below(all.size())];
}

// An error of one side that states a restriction: the author's operator takes only one of the spellings.
bool is_restriction(const Trial& trial, const Verdict& verdict, const Respelling& respelling) {
  if (verdict.divergence.kind != Kind::error) return false;
  return trial.last_operator().by_author || respelling.kind == Respelling::Kind::list;
}

}  // namespace

Verdict check_arguments(Trial& trial) {
  if (const std::string_view why = distinguishes_spellings().reason(trial.operators()); !why.empty())
    return refused(why);
  if (auto verdict = early_verdict(trial)) return *verdict;
  if (!trial.direct().returned()) return refused("the call raises");
  const std::vector<Respelling> all = respellings(trial);
  const Respelling* respelling = chosen(trial, all);
  if (!respelling) return refused("no argument has an equivalent spelling");
  const corpora::Case other = respelled(trial.test_case(), *respelling);
  Relation relation = full_relation({}, {{LayerKind::form, respelling->form()}});
  relation.rules.values = !is_random(trial);
  relation.right_program = &other;
  Verdict verdict = judge(trial, relation, trial.direct(), trial.run(other, {}, relation.right));
  if (!verdict.is_detection()) return verdict;
  if (is_restriction(trial, verdict, *respelling))
    return incomparable(std::move(verdict), "the operator rejects one of the spellings");
  if (respelling->kind == Respelling::Kind::dimension) {
    if (!is_dimension(trial, *respelling, relation.right))
      return incomparable(std::move(verdict), "the argument may not be a dimension of the first tensor");
    if (verdict.divergence.kind == Kind::error && rejects_that_end(trial, *respelling, relation.right))
      return incomparable(std::move(verdict), "the operator counts dimensions from one end only");
  }
  verdict.right_case = corpora::to_text(other);
  return verdict;
}

}  // namespace oracles
