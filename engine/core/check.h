// CHECK: internal errors. A failed CHECK prints file, line and message, then aborts; nothing catches it. An
// error of a subject (Error) or of the user (InputError) is never a CHECK.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace engine {

// How a failed CHECK ends the process: it writes to `descriptor`, then calls abort(), or _Exit(exit_status)
// if that is not 0. Child processes set both, because their standard error is discarded and an abort would be
// reported as a crash of the subject.
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
