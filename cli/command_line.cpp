#include "cli/command_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/command.h"
#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"
#include "oracles/subjects/host.h"

namespace cli {
namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// Prints an error. Never throws, because standard error may be full or closed.
int complain(int status, const std::string& line) {
  std::fflush(stdout);
  std::fputs(("faultline: " + line + "\n").c_str(), stderr);
  return status;
}

// A result that cannot be written is an error, also if only the last flush writes it.
int after_flush(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  return complain(status_harness, fmt::format("standard output cannot be written: {}", std::strerror(errno)));
}

// What is wrong with the command line, and where its help is.
std::string usage_line(const CLI::App& root, const CLI::ParseError& error) {
  const auto chosen = root.get_subcommands();
  return fmt::format("{} (try 'faultline {}--help')", first_line(error.what()),
                     chosen.empty() ? "" : chosen.front()->get_name() + " ");
}

constexpr const char* footer =
    R"(Examples:
  faultline run --time 60                                 test the engine
  faultline run --subject torch --load ./libmine.so       test the operators of a library
  faultline report faultline-out --format html -o r.html  write a report on the findings

Exit status: 0 no new finding, 1 new findings, 2 wrong usage or input, 3 the system refused
something (such as a full disk) or Faultline itself failed.)";

constexpr const char* python_footer =
    R"(Examples, in the Python that imports your operators:
  python3 -m faultline run mymodule                       test the operators that a module registers
  python3 -m faultline run mymodule --ops 'myns::*'       only some of them
  python3 -m faultline replay faultline-out/findings      judge the cases that were found again

Exit status: 0 no new finding, 1 new findings, 2 wrong usage or input, 3 the system refused
something (such as a full disk) or Faultline itself failed.)";

int act(std::vector<std::string> arguments) {
  CLI::App root("Finds where a dispatch fallback does not do what the kernel that it replaces does.",
                "faultline");
  root.set_version_flag("--version", "faultline " FAULTLINE_VERSION);
  root.require_subcommand(0, 1);
  const std::vector<Command> commands{list_command(root),     run_command(root),     replay_command(root),
                                      minimize_command(root), explain_command(root), table_command(root),
                                      import_command(root),   accept_command(root),  report_command(root)};
  root.footer(oracles::host() ? python_footer : footer);  // after the subcommands, which would inherit it
  try {
    std::ranges::reverse(arguments);  // as CLI11 wants them
    root.parse(std::move(arguments));
  } catch (const CLI::Success& success) {  // --help, --version
    return after_flush(root.exit(success));
  } catch (const CLI::ParseError& error) {
    return complain(status_input, usage_line(root, error));
  }
  for (const Command& command : commands)
    if (command.app->parsed()) return after_flush(command.act());
  return complain(status_input, "a subcommand is missing (try 'faultline --help')");
}

}  // namespace

int run(std::vector<std::string> arguments) {
  try {
    return act(std::move(arguments));
  } catch (const engine::InputError& error) {
    return complain(status_input, error.line());
  } catch (const engine::EnvironmentError& error) {
    return complain(status_harness, error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    return complain(status_harness, engine::EnvironmentError(error).what());
  } catch (const std::system_error& error) {  // of fmt::print on standard output
    return complain(status_harness, error.what());
  } catch (const std::exception& error) {
    return complain(status_harness, std::string("Faultline itself failed: ") + error.what());
  }
}

}  // namespace cli
