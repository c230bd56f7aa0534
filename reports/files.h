// Files: whole texts, read from and written to disk. A reader of a written file sees all of the text or what
// was there before. What the system refuses is an engine::EnvironmentError, and nothing half written stays
// behind.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace reports {

// Throws engine::InputError(file, ...) when the file cannot be read.
std::string read_text(const std::string& file);

// Writes to FILE.PID beside it, then renames that. A file that exists and is not a regular one (a device, a
// pipe, a link) is written in place.
void write_text(const std::string& file, std::string_view text);
// The same by way of `aside`, on the same file system.
void write_text_by_way_of(const std::filesystem::path& aside, const std::filesystem::path& file,
                          std::string_view text);

// With its parents. Throws engine::InputError(folder, ...) where a part of the path is not a folder.
void make_folder(const std::filesystem::path& folder);

}  // namespace reports
