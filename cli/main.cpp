// faultline: the command. Parses the command line, runs one sub-command, turns errors into exit statuses.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "engine/core/input_error.h"

namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

int complain(int status, const std::string& line) {
  std::fflush(stdout);
  fmt::print(stderr, "faultline: {}\n", line);
  return status;
}

// What is wrong with the command line, and which --help tells what would be right.
std::string usage_line(const CLI::App& root, const CLI::ParseError& error) {
  const auto chosen = root.get_subcommands();
  if (!chosen.empty())
    return fmt::format("{} (try 'faultline {} --help')", first_line(error.what()),
                       chosen.front()->get_name());
  return fmt::format("{} (try 'faultline --help')", first_line(error.what()));
}

int run(int argc, char** argv) {
  CLI::App root("Finds where a dispatch fallback does not do what the kernel it stands in for does.",
                "faultline");
  root.set_version_flag("--version", "faultline " FAULTLINE_VERSION);
  root.require_subcommand(0, 1);
  const std::vector<cli::Command> commands{
      cli::list_command(root),     cli::run_command(root),     cli::replay_command(root),
      cli::minimize_command(root), cli::explain_command(root), cli::table_command(root),
      cli::import_command(root),   cli::accept_command(root),  cli::report_command(root)};
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return root.exit(success);
  } catch (const CLI::ParseError& error) {
    return complain(cli::status_input, usage_line(root, error));
  }
  for (const cli::Command& command : commands)
    if (command.app->parsed()) return command.act();
  return complain(cli::status_input, "a command is missing (try 'faultline --help')");
}

// A case is hundreds of small blocks, and a thread of glibc's keeps seven of a size. It reads how many to
// keep when a program starts, and nowhere else.
void keep_more_blocks(char** argv) {
  if (std::getenv("GLIBC_TUNABLES")) return;
  setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=1000", 1);
  std::error_code none;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", none);
  execv(self.c_str(), argv);  // where that fails it is slower, no more
}

}  // namespace

int main(int argc, char** argv) {
  keep_more_blocks(argv);
  try {
    return run(argc, argv);
  } catch (const engine::InputError& error) {
    return complain(cli::status_input, error.line());
  } catch (const std::exception& error) {
    return complain(cli::status_harness, std::string("the harness failed: ") + error.what());
  }
}
