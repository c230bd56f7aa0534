// JSON text of ours: parsing with the place of a mistake, and printing that never fails on odd bytes.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace reports {

using Json = nlohmann::ordered_json;

// "FILE:LINE:COLUMN" of a byte offset.
std::string position_in(std::string_view text, const std::string& file, size_t offset);
// Throws engine::InputError("FILE:LINE:COLUMN", what_is_expected) for anything but JSON.
Json parse_json(std::string_view text, const std::string& file, const std::string& what_is_expected);
std::string print_json(const Json& json);

// The whole file; throws engine::InputError(file, ...).
std::string read_text(const std::string& file);
// Written aside, then renamed; throws engine::InputError(file, ...) when the disk refuses.
void write_text(const std::string& file, std::string_view text);

}  // namespace reports
