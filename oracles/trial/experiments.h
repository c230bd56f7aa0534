// Experiments: run a case again with one change, to learn whether an error or a size depends on values, on
// layouts, or on a dtype. Oracles run them only after the two sides disagree. They decide by the outcomes,
// never by messages, whose words an operator's author chooses. An experiment ends with the first outcome that
// satisfies the condition. `journal_path` is the path for the journal.
#pragma once

#include <functional>

#include "oracles/trial/trial.h"

namespace oracles {

using Condition = std::function<bool(const Outcome&)>;

// Whether a run along `path` with other values satisfies the condition. Tries several fillings: zeros, ones,
// counting, probabilities, identity matrices; and ones for Scalars.
bool data_can_change(Trial& trial, const corpora::Path& path, const corpora::Path& journal_path,
                     const Condition& condition);

// Whether a direct run satisfies the condition with such fillings in place of what earlier calls returned.
bool results_can_change(Trial& trial, const corpora::Path& journal_path, const Condition& condition);

// Whether a run of `c` along `path` with a contiguous copy of every input satisfies the condition. False,
// without a run, if every input already is contiguous and has its own storage.
bool layout_can_change(Trial& trial, const corpora::Case& c, const corpora::Path& path,
                       const corpora::Path& journal_path, const Condition& condition);

// Whether a direct run satisfies the condition if all storages of one dtype get a dtype that the case does
// not use: of the same class (floating, integer, complex) or, with `any_class`, of any class.
bool dtype_can_change(Trial& trial, const corpora::Path& journal_path, bool any_class,
                      const Condition& condition);

// Whether an error may state which layouts an operator accepts. Index errors and failed assertions do not: a
// kernel that uses wrong strides may raise them.
bool may_be_about_layouts(const CallOutcome& error);

// Whether this call returned.
bool passes(const Outcome& outcome, size_t call);

// Whether an input of integers has elements and another input has none. If an operator indexes the second by
// the first, it raises for all values.
bool may_index_nothing(const corpora::Case& c);

}  // namespace oracles
