// Host: the Python interpreter around Faultline, if there is one. It imports modules that register operators,
// prepares the interpreter for forks, and describes exceptions of kernels that are written in Python. Nothing
// else knows Python: the extension module of cli/python sets the host, the executable has none.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace oracles {

// An exception that left a kernel.
struct HostError {
  std::string error_class;  // "IndexError"
  std::string message;      // first line
  bool not_implemented = false;
  bool out_of_memory = false;
  bool of_library = false;  // PyTorch's own Python code raised it, so it chose the message
};

class Host {
 public:
  virtual ~Host() = default;

  // Imports PyTorch and returns the file of the torch subject that was compiled for exactly this PyTorch.
  // Throws engine::InputError if one of the two is not to be had.
  virtual std::string torch_plugin() = 0;
  // Throws engine::InputError with one line if the import fails.
  virtual void import_module(const std::string& name) = 0;
  // Whether PyTorch's own modules defined the operator while a module was imported that imports them.
  virtual bool is_of_library(const std::string& op) = 0;
  virtual void before_fork() = 0;
  virtual void after_fork(bool in_child) = 0;
  // The pending exception of this thread, which is cleared; nothing if none is pending.
  virtual std::optional<HostError> take_error() noexcept = 0;
};

Host* host();  // nullptr in the executable
void set_host(Host* host);

// fork() with the host's preparations.
pid_t fork_process();

// The module's name in "python:NAME", the form in which options and cases name a module to be imported; empty
// for the file of a library.
std::string_view module_in(std::string_view loaded);

}  // namespace oracles
