// CommandLine: the whole command but its process: parses the arguments, runs one subcommand, and turns errors
// into exit statuses. The executable and the Python package call it.
#pragma once

#include <string>
#include <vector>

namespace cli {

// The arguments without the program's name. Returns the exit status (cli/README.md). Never throws.
int run(std::vector<std::string> arguments);

}  // namespace cli
