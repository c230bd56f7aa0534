#include "fuzz/campaign/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace fuzz {
namespace {

constexpr int kBarWidth = 24;

std::string bar(double share) {
  const int full = std::clamp(static_cast<int>(share * kBarWidth), 0, kBarWidth);
  return fmt::format("[{:#<{}}{:.<{}}]", "", full, "", kBarWidth - full);
}

// If standard error cannot be written, the run continues.
void write(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  std::fflush(stderr);
}

}  // namespace

Progress::Progress(bool on)
    : on_(on), terminal_(isatty(STDERR_FILENO) == 1), start_(Clock::now()), last_shown_(start_) {}

bool Progress::due() {
  if (!on_) return false;
  const double wait = terminal_ ? 0.2 : 10;
  const Clock::time_point now = Clock::now();
  if (std::chrono::duration<double>(now - last_shown_).count() < wait) return false;
  last_shown_ = now;
  return true;
}

void Progress::show(const std::string& line) {
  write(terminal_ ? "\r\x1b[K" + line : line + "\n");
  line_open_ = terminal_;
}

void Progress::end_line() {
  if (line_open_) write("\r\x1b[K");
  line_open_ = false;
}

void Progress::say(const std::string& line) {
  if (!on_) return;
  end_line();
  write(line + "\n");
}

void Progress::show_cases(const State& state) {
  if (!due()) return;
  const double spent = std::max(seconds(), 1e-3);
  std::string line = terminal_ ? bar(state.share_done) + " " : std::string("running: ");
  line += fmt::format("{} cases, {:.0f} cases/s, {:.0f} checks/s, {} detections", state.cases,
                      static_cast<double>(state.cases) / spent, static_cast<double>(state.checks) / spent,
                      state.detections);
  if (state.share_done > 0.01 && state.share_done < 1)
    line += fmt::format(", {} left", duration_text(spent / state.share_done - spent));
  show(line);
}

void Progress::show_share(size_t done, size_t all, const std::string& text) {
  if (done == all ? !on_ : !due()) return;
  const double share = all == 0 ? 1 : static_cast<double>(done) / static_cast<double>(all);
  show((terminal_ ? bar(share) + " " : std::string()) + text);
}

void Progress::show_investigation(size_t done, size_t all, size_t findings) {
  show_share(done, all, fmt::format("investigating: {} of {} signatures, {} findings", done, all, findings));
}

void Progress::show_reproducers(size_t done, size_t all) {
  show_share(done, all, fmt::format("reproducers: {} of {} were run", done, all));
}

std::string duration_text(double seconds) {
  const auto whole = static_cast<int64_t>(std::max(seconds, 0.0) + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

}  // namespace fuzz
