// The words of dispatch programs in text, in the order of their enumerations: what is printed is what is
// read.
#pragma once

#include <array>
#include <string_view>

#include "corpora/case/program.h"

namespace corpora {

inline constexpr std::array<std::string_view, 3> flavour_words{"boxed", "typed", "other_type"};
inline constexpr std::array<std::string_view, 8> act_words{"returns",     "falls_through", "redispatches",
                                                           "recalls",     "throws",        "other_tensor",
                                                           "two_results", "writes_list"};
inline constexpr std::array<std::string_view, 3> guard_words{"include", "exclude", "force"};

}  // namespace corpora
