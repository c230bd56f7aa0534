#include "oracles/isolation/child_directory.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace oracles {
namespace {

constexpr std::string_view kPrefix = "faultline-child-";

std::filesystem::path base_or_temporary(std::filesystem::path base) {
  std::error_code ignored;
  if (base.empty()) base = std::filesystem::temp_directory_path(ignored);
  if (base.empty()) base = "/tmp";
  return base;
}

struct Spare {
  std::vector<std::filesystem::path> directories;
  int next = 0;

  ~Spare() { remove(); }
  void remove() {
    std::error_code ignored;
    for (const auto& directory : std::exchange(directories, {})) std::filesystem::remove(directory, ignored);
  }
};
Spare spare;

// The process that a directory is named after; 0 for other names.
pid_t owner_of(const std::string& name) {
  pid_t pid = 0;
  if (!name.starts_with(kPrefix)) return 0;
  std::from_chars(name.data() + kPrefix.size(), name.data() + name.size(), pid);
  return pid;
}

}  // namespace

std::filesystem::path take_child_directory(const std::filesystem::path& base) {
  const std::filesystem::path parent = base_or_temporary(base);
  const auto kept = std::find_if(spare.directories.begin(), spare.directories.end(),
                                 [&](const auto& one) { return one.parent_path() == parent; });
  if (kept != spare.directories.end()) {
    std::filesystem::path directory = std::move(*kept);
    spare.directories.erase(kept);
    return directory;
  }
  std::error_code ignored;
  std::filesystem::create_directories(parent, ignored);
  const std::filesystem::path directory = parent / fmt::format("{}{}-{}", kPrefix, getpid(), spare.next++);
  mkdir(directory.c_str(), 0700);  // fails on a read-only disk: then the child stays where it is
  return directory;
}

void give_back_child_directory(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_empty(directory, error) && !error) {
    spare.directories.push_back(directory);
  } else {
    std::filesystem::remove_all(directory, error);
  }
}

void forget_child_directories() { spare.directories.clear(); }

void remove_spare_child_directories() { spare.remove(); }

void sweep_child_directories(const std::filesystem::path& base) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(base_or_temporary(base), error)) {
    const pid_t pid = owner_of(entry.path().filename());
    if (pid <= 0 || kill(pid, 0) == 0 || errno != ESRCH) continue;
    std::error_code ignored;
    std::filesystem::remove_all(entry.path(), ignored);
  }
}

}  // namespace oracles
