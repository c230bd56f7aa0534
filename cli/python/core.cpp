// faultline._core: the command inside the interpreter.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "cli/python/interpreter.h"
#include "oracles/isolation/child.h"

namespace {

int run_command(std::vector<std::string> arguments) {
  static cli::Interpreter interpreter;
  oracles::set_host(&interpreter);
  oracles::keep_crash_handlers();           // faulthandler's
  const nanobind::gil_scoped_release free;  // kernels in Python take the lock for each call
  return cli::run(std::move(arguments));
}

}  // namespace

NB_MODULE(_core, module) {
  module.def("main", &run_command, nanobind::arg("arguments"),
             "Runs one command, as `python3 -m faultline ARGUMENTS` does, and returns its exit status.\n"
             "It sets PyTorch's number of threads and its allocator: give it a process of its own.");
  module.def("restart_timeout", &oracles::restart_timeout,
             "Grants the check that runs, if any, its whole limit of time again.");
}
