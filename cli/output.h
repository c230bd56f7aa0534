// Output: where a command's document goes. "-" means standard output, where a flag takes a file; a flag that
// takes a folder refuses it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>

namespace cli {

// Throws InputError where the name cannot be a file's, EnvironmentError where the system refuses.
void write_document(const std::string& file, std::string_view text);

// Of a flag that names a folder to write into.
CLI::Validator an_output_folder();

}  // namespace cli
