#include "fuzz/campaign/interrupt.h"

namespace fuzz {
namespace {

volatile std::sig_atomic_t requests = 0;

}  // namespace

Interrupt::Interrupt() {
  requests = 0;
  struct sigaction action{};
  action.sa_handler = [](int) { requests = 1; };
  action.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &action, &before_int_);
  sigaction(SIGTERM, &action, &before_term_);
}

Interrupt::~Interrupt() {
  sigaction(SIGINT, &before_int_, nullptr);
  sigaction(SIGTERM, &before_term_, nullptr);
}

bool Interrupt::requested() const { return requests != 0; }

}  // namespace fuzz
