// Functional form: whether an operator's own forms disagree. Functionalisation calls the functional form of
// an in-place or out= call and copies the result. If that form, called by itself, returns something else than
// the call has written, the oracle variants reports it.
#pragma once

#include <optional>

#include "oracles/trial/trial.h"

namespace oracles {

// The program up to this call, with the call in its functional form; empty if it has none.
std::optional<corpora::Case> with_functional_form(Trial& trial, int call);

// Whether the functional form of this call, which returned, raises or returns other sizes or values than the
// call wrote. `path` is the path for the journal.
bool functional_form_differs(Trial& trial, int call, const corpora::Path& path);

}  // namespace oracles
