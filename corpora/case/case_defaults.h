// The literals of schemas as Values, and the defaults of arguments.
#pragma once

#include <optional>

#include "corpora/case/value.h"
#include "engine/dispatch/schema.h"

namespace corpora {

// A number for a list type becomes a list of that number; an enumerator (long, contiguous_format, or its
// number) becomes the dtype, layout or memory format that it names.
Value value_of(const engine::Literal& literal, const engine::Type& type);

// The declared default, or None for an optional argument without one.
std::optional<Value> default_of(const engine::Argument& argument);

bool is_optional(const engine::Type& type);

// The smallest number of elements that a list of this type may have: two for int[2]. Kernels read that many
// without a check, past the end of a shorter list, so that no shorter list is made. int[1] may have any
// number: it is declared for numbers and for dimensions.
size_t min_elements(const engine::Type& type);

}  // namespace corpora
