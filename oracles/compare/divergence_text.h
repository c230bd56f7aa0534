// Divergence text: the sentences about a divergence that commands and reports share, made of its data. They
// are for people: nothing reads one back, so that a changed word changes nothing but the word.
#pragma once

#include <string>
#include <string_view>

#include "oracles/compare/divergence.h"

namespace oracles {

// "result 0, element [1, 2]".
std::string to_text(const Place& place);
// What the left or the right side did, or shows at the place: "[1, 2]", "raises IndexError: ...".
std::string left_text(const Divergence& divergence);
std::string right_text(const Divergence& divergence);
// The whole value at the place with its metadata, or the last lines that a dead process printed; may be
// empty.
std::string whole_text(const Side& side);
// How a process ended: "SIGSEGV", "out of CPU time".
std::string ending_text(const Side& side);

// A tensor as text for people: dtype, sizes, strides, flags, then values (at most 64).
std::string to_text(const TensorSnapshot& tensor);
std::string to_text(const Result& result);

}  // namespace oracles
