#include "fuzz/campaign/interrupt.h"

#include <cstdint>
#include <ctime>

namespace fuzz {
namespace {

volatile std::sig_atomic_t requests = 0;
timespec first{};

// The command `timeout` signals a process and then its group: two signals at once are one request.
constexpr int64_t kSecondRequestNanoseconds = 500'000'000;

void on_signal(int number) {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (requests == 0) {
    first = now;
    requests = 1;
    return;
  }
  const int64_t since = (now.tv_sec - first.tv_sec) * 1'000'000'000 + (now.tv_nsec - first.tv_nsec);
  if (since < kSecondRequestNanoseconds) return;
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  sigaction(number, &action, nullptr);
  raise(number);
}

}  // namespace

Interrupt::Interrupt() {
  requests = 0;
  struct sigaction action{};
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, &before_int_);
  sigaction(SIGTERM, &action, &before_term_);
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
}

bool Interrupt::requested() const { return requests != 0; }

}  // namespace fuzz
