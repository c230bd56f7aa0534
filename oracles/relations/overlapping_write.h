// Overlapping write: a call that writes a view some of whose indices are one element. Its result is defined
// if all writes of an element give it the same value, in any order, however often each is made.
#pragma once

#include "oracles/trial/trial.h"

namespace oracles {

// For the last call, whose functional form returned `result`: whether input `written` may take that result.
// The elements of the result with one place are equal, and the same call on this result returns it again.
// Only one argument views the storage of the input. The journal gets `journal_path`.
bool is_defined_for(Trial& trial, int32_t written, const TensorSnapshot& result,
                    const corpora::Path& journal_path);

}  // namespace oracles
