// misfit: why the arguments of a call do not fit its operator's schema.
#pragma once

#include <string>

#include "corpora/case/case.h"
#include "engine/dispatch/schema.h"

namespace corpora {

// Empty if the call has one value for each argument, named as the schema names it, and each is of a kind that
// the declared type accepts. Otherwise one line.
std::string misfit(const Call& call, const engine::Schema& schema);

}  // namespace corpora
