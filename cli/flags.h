// Flags: checks of values, and flags that may be repeated. CLI11's own checks of numbers print a bound of 300
// digits, and its parser takes the largest number in place of one that is too large.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace cli {

CLI::Validator a_count();
CLI::Validator a_seed();
CLI::Validator a_duration();
CLI::Validator a_number_of_jobs();
CLI::Validator an_amount_of_memory();
// For a flag that names a folder to write into: "-", standard output, is rejected.
CLI::Validator an_output_folder();

// Adds a flag that takes one value each time it is given, and may be given again. `type` names the value.
CLI::Option* add_repeatable(CLI::App& app, const std::string& flag, std::vector<std::string>& values,
                            const std::string& type, const std::string& description);

// "a,b,,c" -> a b c, for every argument.
std::vector<std::string> split_commas(const std::vector<std::string>& arguments);

}  // namespace cli
