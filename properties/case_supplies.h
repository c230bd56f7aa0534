// The operators and domains of the engine and of the installed libtorch, shared by the tests of a process.
// Without the torch plug-in there are none of torch, and a test that needs them begins with
// SKIP_WITHOUT_TORCH().
#pragma once

#include <gtest/gtest.h>

#include "corpora/case/mutate.h"

namespace properties {

// One draw in four is a dispatch program.
const corpora::Supply& engine_supply();
bool has_torch();
const corpora::Supply& torch_supply();

}  // namespace properties

#define SKIP_WITHOUT_TORCH() \
  if (!properties::has_torch()) GTEST_SKIP() << "this build has no torch plug-in"
