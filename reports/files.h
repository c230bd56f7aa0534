// Files: reads and writes whole texts. A reader of a written file sees either the whole text or the previous
// one. If the system refuses a write, it throws engine::EnvironmentError, and no unfinished file stays.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace reports {

// Throws engine::InputError(file, ...) if the file cannot be read.
std::string read_text(const std::string& file);

// Writes FILE.PID, then renames it. An existing file that is not regular (a device, a link) is overwritten.
void write_text(const std::string& file, std::string_view text);
// The same with another temporary file, which must be on the same file system.
void write_text_by_way_of(const std::filesystem::path& temporary, const std::filesystem::path& file,
                          std::string_view text);

// Also creates its parents. Throws engine::InputError(folder, ...) if a part of the path is not a folder.
void make_folder(const std::filesystem::path& folder);

// The lines of a text, without their ends.
std::vector<std::string> lines_of(std::string_view text);

}  // namespace reports
