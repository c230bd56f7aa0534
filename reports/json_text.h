// JSON text: parsing with the position of an error, and printing that accepts any bytes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace reports {

using Json = nlohmann::ordered_json;

// "FILE:LINE:COLUMN" of a byte offset.
std::string position_in(std::string_view text, const std::string& file, size_t offset);
// Throws engine::InputError("FILE:LINE:COLUMN", what_is_expected) for text that is not JSON.
Json parse_json(std::string_view text, const std::string& file, const std::string& what_is_expected);
std::string print_json(const Json& json);

}  // namespace reports
