#include "engine/core/warning.h"

#include <cstdio>
#include <utility>

namespace engine {

namespace {

thread_local uint64_t warning_count = 0;
thread_local WarningHandler warning_handler;

}  // namespace

void warn(const std::string& message) {
  ++warning_count;
  if (warning_handler) return warning_handler(message);
  std::fprintf(stderr, "warning: %s\n", message.c_str());
}

uint64_t warnings_given() { return warning_count; }

UseWarningHandler::UseWarningHandler(WarningHandler handler)
    : before_(std::exchange(warning_handler, std::move(handler))) {}
UseWarningHandler::~UseWarningHandler() { warning_handler = std::move(before_); }

}  // namespace engine
