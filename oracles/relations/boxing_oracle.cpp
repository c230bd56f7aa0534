// boxing: the boxed call and the typed one: everything agrees, also aliasing that no schema declares.
#include "oracles/checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

Verdict check_boxing(Trial& trial) {
  const corpora::Path typed{{corpora::LayerKind::typed}};
  if (const std::string why = trial.subject().refuses(trial.test_case(), typed); !why.empty())
    return refused(why);
  if (const Verdict early = before_relation(trial); early.judgement != Judgement::agree) return early;
  Relation relation;
  relation.right = typed;
  relation.rules.bits = relation.rules.version = true;
  relation.undeclared_aliases = true;
  return judge(trial, relation);
}

}  // namespace oracles
