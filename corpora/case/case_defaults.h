// Values that schemas write: the literal of a default as the Value a call would carry.
#pragma once

#include <optional>

#include "corpora/case/value.h"
#include "engine/dispatch/schema.h"

namespace corpora {

// A number where a list is declared stands for a list of it, an enumerator (long, contiguous_format, or its
// number) for the dtype, layout or memory format it names.
Value value_of(const engine::Literal& literal, const engine::Type& type);

// The declared default; None for an optional argument without one; otherwise nothing.
std::optional<Value> default_of(const engine::Argument& argument);

bool is_optional(const engine::Type& type);

// How many elements a list as declared has at least: int[2] two. Kernels read as many without looking, and
// what lies behind a shorter list is neither theirs nor ours, so none is made shorter. int[1] is a number, or
// dimensions: any.
size_t fewest_elements(const engine::Type& type);

}  // namespace corpora
