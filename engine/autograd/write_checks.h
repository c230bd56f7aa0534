// Write checks: which writes a recorded call refuses, before anything changes: out= tensors, leaves that
// require grad and their views, and views whose history cannot be rewritten because of how they were made.
#pragma once

#include <span>

#include "engine/core/value.h"
#include "engine/dispatch/schema.h"

namespace engine::autograd {

// Refuses a write in place that cannot be recorded.
void check_write(const Tensor& to);
// Of all tensors that a call writes.
void check_writes(const Schema& schema, std::span<const Value> arguments);

}  // namespace engine::autograd
