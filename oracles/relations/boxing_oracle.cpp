// boxing: a boxed call (left) and a typed call (right) agree in everything.
#include "oracles/oracle_checks.h"
#include "oracles/relations/relation.h"
#include "oracles/trial/verdicts.h"

namespace oracles {

Verdict check_boxing(Trial& trial) {
  const corpora::Path typed{{corpora::LayerKind::typed}};
  if (auto verdict = early_verdict(trial, typed)) return *verdict;
  return judge(trial, full_relation({}, typed));
}

}  // namespace oracles
