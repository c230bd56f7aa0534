// Interpreter: the Python interpreter that runs Faultline, as a host. Python's part is faultline/_host.py.
#pragma once

#include <nanobind/nanobind.h>

#include <optional>
#include <string>

#include "oracles/subjects/host.h"

namespace cli {

class Interpreter final : public oracles::Host {
 public:
  std::string torch_plugin() override;
  void import_module(const std::string& name) override;
  bool is_of_library(const std::string& op) override;
  void before_fork() override;
  void after_fork(bool in_child) override;
  std::optional<oracles::HostError> take_error() noexcept override;

 private:
  PyGILState_STATE around_fork_{};
};

}  // namespace cli
