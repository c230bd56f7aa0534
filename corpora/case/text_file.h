// text_of_file: the contents of a file that a user named. Throws engine::InputError if it cannot be read, is
// larger than any text of ours may be, or is a folder; `expected` completes "expected ".
#pragma once

#include <string>
#include <string_view>

namespace corpora {

std::string text_of_file(const std::string& file, std::string_view expected);

}  // namespace corpora
