// faultline: the command. Parses the command line, runs one sub-command, turns errors into exit statuses.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "cli/command.h"
#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"

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
  return complain(cli::status_harness,
                  fmt::format("standard output cannot be written: {}", std::strerror(errno)));
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

int run(int argc, char** argv) {
  CLI::App root("Finds where a dispatch fallback does not do what the kernel that it replaces does.",
                "faultline");
  root.set_version_flag("--version", "faultline " FAULTLINE_VERSION);
  root.require_subcommand(0, 1);
  const std::vector<cli::Command> commands{
      cli::list_command(root),     cli::run_command(root),     cli::replay_command(root),
      cli::minimize_command(root), cli::explain_command(root), cli::table_command(root),
      cli::import_command(root),   cli::accept_command(root),  cli::report_command(root)};
  root.footer(footer);  // after the subcommands, which would inherit it
  try {
    root.parse(argc, argv);
  } catch (const CLI::Success& success) {  // --help, --version
    return after_flush(root.exit(success));
  } catch (const CLI::ParseError& error) {
    return complain(cli::status_input, usage_line(root, error));
  }
  for (const cli::Command& command : commands)
    if (command.app->parsed()) return after_flush(command.act());
  return complain(cli::status_input, "a subcommand is missing (try 'faultline --help')");
}

// A case allocates hundreds of small blocks, and glibc keeps only seven freed blocks of a size for each
// thread. It reads the number from the environment when a program starts, so the program starts itself again.
void keep_more_blocks(char** argv) {
  if (std::getenv("GLIBC_TUNABLES")) return;
  setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=1000", 1);
  std::error_code none;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", none);
  execv(self.c_str(), argv);  // if that fails, the run is only slower
}

}  // namespace

int main(int argc, char** argv) {
  keep_more_blocks(argv);
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too long is an error of the write
  try {
    return run(argc, argv);
  } catch (const engine::InputError& error) {
    return complain(cli::status_input, error.line());
  } catch (const engine::EnvironmentError& error) {
    return complain(cli::status_harness, error.what());
  } catch (const std::filesystem::filesystem_error& error) {
    return complain(cli::status_harness, engine::EnvironmentError(error).what());
  } catch (const std::system_error& error) {  // of fmt::print on standard output
    return complain(cli::status_harness, error.what());
  } catch (const std::exception& error) {
    return complain(cli::status_harness, std::string("Faultline itself failed: ") + error.what());
  }
}
