// CHECK: our own mistakes. A failed CHECK prints file, line and message, then aborts; nothing catches it.
// A subject's error is an outcome and bad input is an InputError; neither is ever a CHECK.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace engine {

[[noreturn]] inline void check_failed(const char* file, int line, const char* condition,
                                      const std::string& message) {
  std::fprintf(stderr, "%s:%d: CHECK(%s) failed: %s\n", file, line, condition, message.c_str());
  std::abort();
}

}  // namespace engine

#define CHECK(condition, message)                                                \
  do {                                                                           \
    if (!(condition)) ::engine::check_failed(__FILE__, __LINE__, #condition, message); \
  } while (false)
