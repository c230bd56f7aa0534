// Divergence text: the sentences about a divergence that commands and reports share. They are for people;
// nothing parses them.
#pragma once

#include <string>
#include <string_view>

#include "oracles/compare/divergence.h"

namespace oracles {

// "result 0, element [1, 2]".
std::string to_text(const Place& place);
// What a side shows at the place or did: "[1, 2]", "raises IndexError: ...".
std::string left_text(const Divergence& divergence);
std::string right_text(const Divergence& divergence);
// The whole value at the place with its metadata, or the last lines that a dead process printed, or empty.
std::string whole_text(const Side& side);
// How a process ended: "SIGSEGV", "out of CPU time".
std::string ending_text(const Side& side);

// Dtype, sizes, strides, flags, and at most `elements_kept` values.
std::string to_text(const TensorSnapshot& tensor);
std::string to_text(const Result& result);

}  // namespace oracles
