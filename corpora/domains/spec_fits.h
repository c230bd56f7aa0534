// Whether a spec can serve an argument of some type. One line speaks of `dim` for all operators; where it is
// declared as a name, a line about numbers does not.
#pragma once

#include "corpora/domains/spec.h"
#include "engine/dispatch/schema.h"

namespace corpora {

bool fits(const Spec& spec, const engine::Type& type);

}  // namespace corpora
