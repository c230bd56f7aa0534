// Death verdict: what the death of a check's process says: which call died, on which path, and whether the
// library under test explains it.
#pragma once

#include "corpora/case/case.h"
#include "oracles/compare/divergence.h"
#include "oracles/isolation/child.h"
#include "oracles/subject.h"

namespace oracles {

// The verdict of a check whose process died while it ran `path`. Runs longer and longer prefixes of the
// program in fresh children to find the call that died. If the path names another form of the last call, the
// verdict names that form. Incomparable if an author's call died, and a call of the library that it makes
// dies by itself on such a path, too.
Verdict verdict_of_death(Subject& subject, const corpora::Case& c, const corpora::Path& path,
                         const Death& death, const IsolatedLimits& limits);

}  // namespace oracles
