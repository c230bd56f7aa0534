// Command: a subcommand of `faultline`: its flags and its action. One file each; main.cpp lists them.
// A command reads flags, calls libfaultline and prints: results on standard output, everything else on
// standard error. It returns the exit status, or throws InputError for bad input and EnvironmentError for
// what the system refuses.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace cli {

struct Command {
  CLI::App* app;
  std::function<int()> act;
};

Command list_command(CLI::App& root);
Command run_command(CLI::App& root);
Command replay_command(CLI::App& root);
Command minimize_command(CLI::App& root);
Command explain_command(CLI::App& root);
Command table_command(CLI::App& root);
Command import_command(CLI::App& root);
Command accept_command(CLI::App& root);
Command report_command(CLI::App& root);

inline constexpr int status_ok = 0;        // no new finding
inline constexpr int status_findings = 1;  // new findings
inline constexpr int status_input = 2;     // wrong usage or input
inline constexpr int status_harness = 3;   // the system refused something, or the harness itself failed

}  // namespace cli
