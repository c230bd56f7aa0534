// Progress: how far a run is, on standard error. On a terminal one line that is written over; elsewhere a
// plain line about every ten seconds. Prints nothing when switched off.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace fuzz {

class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  explicit Progress(bool on);
  ~Progress() { end_line(); }

  struct Standing {
    uint64_t cases = 0, checks = 0, detections = 0;
    double share_done = 0;  // of the run, 0 to 1
  };
  void show_cases(const Standing& standing);
  // These two always show the end.
  void show_investigation(size_t done, size_t all, size_t findings);
  void show_reproducers(size_t done, size_t all);
  // A line of its own, whatever is due.
  void say(const std::string& line);

  double seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

 private:
  bool due();
  void show(const std::string& line);
  void show_share(size_t done, size_t all, const std::string& text);
  void end_line();

  bool on_, terminal_;
  bool line_open_ = false;
  Clock::time_point start_, last_shown_;
};

// "8 s", "3 min 20 s", "2 h 5 min".
std::string duration_text(double seconds);

}  // namespace fuzz
