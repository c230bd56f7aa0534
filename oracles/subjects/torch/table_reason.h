// Table reason: which registration serves a slot of an operator's dispatch table. libtorch has only the table
// as text.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include "engine/dispatch/resolution.h"

namespace oracles::aten {

engine::Reason reason_at(const c10::OperatorHandle& handle, c10::DispatchKey key);

}  // namespace oracles::aten
