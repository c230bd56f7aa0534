// The operators of the installed libtorch, shared by the laws of a process; no operator is ever run here.
// Without the torch plug-in there is none, and a law skips: SKIP_WITHOUT_TORCH().
#pragma once

#include <gtest/gtest.h>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"

namespace properties {

bool has_torch();
const corpora::Catalog& torch_catalog();

// The index-th case of a seed, its operator chosen from all drawable ones by `op`.
corpora::Case drawn(uint64_t seed, uint64_t op, uint64_t index);

}  // namespace properties

#define SKIP_WITHOUT_TORCH() \
  if (!properties::has_torch()) GTEST_SKIP() << "this build has no torch plug-in"
