// Whether a spec can describe an argument of a type. A line about `dim` matches all operators, but numbers do
// not fit if the schema declares `dim` as a name.
#pragma once

#include "corpora/domains/spec.h"
#include "engine/dispatch/schema.h"

namespace corpora {

bool fits(const Spec& spec, const engine::Type& type);

}  // namespace corpora
