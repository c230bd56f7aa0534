// Progress: prints the progress of a run on standard error: on a terminal one line that is rewritten,
// elsewhere a line about every ten seconds. Prints nothing if switched off.
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

  struct State {
    uint64_t cases = 0, checks = 0, detections = 0;
    double share_done = 0;  // of the run, 0 to 1
  };
  void show_cases(const State& state);
  // These two always print the last line.
  void show_investigation(size_t done, size_t all, size_t findings);
  void show_reproducers(size_t done, size_t all);
  // Always prints the line.
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
