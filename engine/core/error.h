// Error: what an operator call raises if it cannot run or refuses its arguments. It is part of the call's
// outcome and compared like a value. Internal errors are CHECKs, and wrong input of a user is an InputError.
// The kinds are the classes that Python users see.
#pragma once

#include <array>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace engine {

enum class ErrorKind : uint8_t { runtime, not_implemented, index, value, type, internal, registration };

constexpr std::string_view name_of(ErrorKind kind) {
  constexpr std::array<std::string_view, 7> names{"RuntimeError",     "NotImplementedError", "IndexError",
                                                  "ValueError",       "TypeError",           "InternalAssert",
                                                  "RegistrationError"};
  return names[static_cast<size_t>(kind)];
}

class Error : public std::runtime_error {
 public:
  explicit Error(const std::string& message, ErrorKind kind = ErrorKind::runtime)
      : std::runtime_error(message), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace engine
