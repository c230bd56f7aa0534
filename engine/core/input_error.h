// InputError: wrong input of a user (a file, a flag, a pattern, a schema, a library). Its message is one
// line: what is wrong and what is expected. `where` is "file:line:column" or a flag. The command prints
// "where: message" and exits with status 2.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace engine {

class InputError : public std::runtime_error {
 public:
  InputError(std::string where, const std::string& message)
      : std::runtime_error(message), where_(std::move(where)) {}

  const std::string& where() const { return where_; }
  std::string line() const { return where_.empty() ? what() : where_ + ": " + what(); }

 private:
  std::string where_;
};

}  // namespace engine
