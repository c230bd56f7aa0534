// Warnings: what an operator reports without raising. Promises: every warning is counted for its thread and
// passed to the handler in force; without a handler it is a line on standard error. A handler may throw.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

namespace engine {

using WarningHandler = std::function<void(const std::string& message)>;

void warn(const std::string& message);
// By this thread, since it started.
uint64_t warnings_given();

// The handler of this thread for its scope.
class UseWarningHandler {
 public:
  explicit UseWarningHandler(WarningHandler handler);
  ~UseWarningHandler();
  UseWarningHandler(const UseWarningHandler&) = delete;
  UseWarningHandler& operator=(const UseWarningHandler&) = delete;

 private:
  WarningHandler before_;
};

}  // namespace engine
