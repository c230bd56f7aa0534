// Experiments: a case run again with one thing changed, to learn whether an error or a size depends on
// values, on layouts, or on a dtype. Oracles run them only after the two sides disagree, and decide by their
// outcomes: what a message says is the choice of an operator's author, and decides nothing. `shows` receives
// the outcome of each changed run; an experiment ends with the first run that satisfies it. `told` is the
// path that the journal records.
#pragma once

#include <functional>

#include "oracles/trial/trial.h"

namespace oracles {

using Shows = std::function<bool(const Outcome&)>;

// True when a run along `path` with other values satisfies `shows`. Tries a handful of fillings: zeros, ones,
// counting, probabilities, identity matrices.
bool data_can_change(Trial& trial, const corpora::Path& path, const corpora::Path& told, const Shows& shows);

// True when a run of `c` along `path` with every input a fresh contiguous copy satisfies `shows`. False,
// without a run, when every input is contiguous already, on a storage of its own.
bool layout_can_change(Trial& trial, const corpora::Case& c, const corpora::Path& path,
                       const corpora::Path& told, const Shows& shows);

// True when a direct run satisfies `shows` after all storages of one dtype have another dtype that the case
// does not use yet, of the same sort (floating, integer, complex) or, with `any_sort`, of another sort.
bool dtype_can_change(Trial& trial, const corpora::Path& told, bool any_sort, const Shows& shows);

// True when an error may state which layouts an operator takes. A kernel that reads memory by wrong strides
// raises, too: about an index, or in an assertion.
bool may_be_about_layouts(const CallOutcome& error);

// True when the call `call` returned.
bool passes(const Outcome& outcome, size_t call);

// True when a tensor of integers could only hold indices into nothing: it has elements, and another input has
// none. No filling then satisfies an operator that indexes the one by the other.
bool may_index_nothing(const corpora::Case& c);

}  // namespace oracles
