// Spelling: numbers and sides as short text in a fixed form. Entries of known findings match it, so it is
// part of their format. Sentences for people are in divergence_text.h.
#pragma once

#include <string>

#include "oracles/compare/side.h"

namespace oracles {

// One element in decimal, the shortest text that reads back: "1.5", "(0,-1)", "nan".
std::string short_text(engine::DType dtype, const std::byte* element);
std::string dims_text(const engine::Dims& dims);  // "[1, 2]"

// An element, "[1, 2]", a number, a dtype, a device, ...; empty for std::monostate.
std::string spelling_of(const Shown& shown);
// What the side shows; of an error "IndexError: its message"; otherwise the name of its end, such as
// "returned".
std::string spelling_of(const Side& side);

}  // namespace oracles
