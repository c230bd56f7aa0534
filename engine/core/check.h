// CHECK: our own mistakes. A failed CHECK prints file, line and message, then aborts; nothing catches it.
// A subject's error is an outcome and bad input is an InputError; neither is ever a CHECK.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace engine {

// How a failed CHECK ends the process: told on `descriptor`, then abort(), or _Exit(exit_status) when that is
// set. Children set both: their standard error goes nowhere, and an abort would be taken for the subject's
// crash.
struct CheckEnd {
  int descriptor = 2;
  int exit_status = 0;
};
inline CheckEnd check_end;

[[noreturn]] inline void check_failed(const char* file, int line, const char* condition,
                                      const std::string& message) {
  dprintf(check_end.descriptor, "%s:%d: CHECK(%s) failed: %s\n", file, line, condition, message.c_str());
  if (check_end.exit_status != 0) std::_Exit(check_end.exit_status);
  std::abort();
}

}  // namespace engine

#define CHECK(condition, message)                                                      \
  do {                                                                                 \
    if (!(condition)) ::engine::check_failed(__FILE__, __LINE__, #condition, message); \
  } while (false)
