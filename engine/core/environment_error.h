// EnvironmentError: the system refuses something that the program needs: the disk is full or read-only, a
// folder was removed during a run, no further process can start. Neither the user's input (InputError) nor an
// internal error (CHECK). Its message is one line; the command prints it and exits with status 3.
#pragma once

#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace engine {

class EnvironmentError : public std::runtime_error {
 public:
  explicit EnvironmentError(const std::string& line) : std::runtime_error(line) {}
  // "WHAT: the system's words for the error number".
  EnvironmentError(const std::string& what, int error_number)
      : std::runtime_error(what + ": " + std::strerror(error_number)) {}
  explicit EnvironmentError(const std::filesystem::filesystem_error& error)
      : std::runtime_error(error.path1().string() + ": " + error.code().message()) {}
};

}  // namespace engine
