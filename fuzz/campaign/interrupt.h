// Interrupt: while one exists, SIGINT and SIGTERM only set a flag, which a run checks between steps. A second
// signal half a second later or more ends the process at once.
#pragma once

#include <csignal>

namespace fuzz {

class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  bool requested() const;

 private:
  struct sigaction before_int_, before_term_;
};

}  // namespace fuzz
