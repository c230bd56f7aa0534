// Spelling: numbers and sides as short text of a fixed form, which people may write, too: entries of known
// findings match it, and tests read it. It is part of the format of these entries; sentences are made
// elsewhere (divergence_text.h).
#pragma once

#include <string>

#include "oracles/compare/side.h"

namespace oracles {

// One element in decimal, the shortest text that reads back: "1.5", "(0,-1)", "nan".
std::string short_text(engine::DType dtype, const std::byte* element);
std::string dims_text(const engine::Dims& dims);  // "[1, 2]"

// What the side shows, without a word around it: an element, "[1, 2]", a number, a dtype, a device; of an
// error "IndexError: its message"; else the name of its end, as "returned".
std::string spelling_of(const Side& side);

}  // namespace oracles
