#include "fuzz/campaign/out_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>

#include "engine/core/check.h"
#include "engine/core/input_error.h"

namespace fuzz {

namespace fs = std::filesystem;

OutDirectory::OutDirectory(const std::string& path) {
  std::error_code error;
  path_ = fs::absolute(path, error).lexically_normal();
  if (!error) fs::create_directories(path_, error);
  if (error) throw engine::InputError("--out", fmt::format("cannot make {}: {}", path, error.message()));
  lock();
  fs::remove_all(work(), error);
  for (const fs::path& folder : {work(), pending(), findings(), runs()}) {
    fs::create_directories(folder, error);
    if (error) {
      throw engine::InputError("--out", fmt::format("cannot make {}: {}", folder.string(), error.message()));
    }
  }
  sweep_findings();
}

// Names with a dot are findings half written.
void OutDirectory::sweep_findings() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(findings(), ignored)) {
    std::error_code still_there;
    if (entry.path().has_extension()) fs::remove_all(entry.path(), still_there);
  }
}

OutDirectory::~OutDirectory() {
  std::error_code ignored;
  fs::remove_all(work(), ignored);
  if (lock_ >= 0) close(lock_);
}

void OutDirectory::lock() {
  const fs::path file = path_ / ".lock";
  lock_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (lock_ < 0) {
    throw engine::InputError("--out",
                             fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  }
  // The children of a run that was just killed may live a moment longer than it.
  for (int attempt = 0; flock(lock_, LOCK_EX | LOCK_NB) != 0; ++attempt) {
    if (attempt == 20) {
      close(lock_);
      throw engine::InputError("--out", fmt::format("{} is in use by another run", path_.string()));
    }
    usleep(50'000);
  }
}

void OutDirectory::leave_lock_to_parent() {
  close(lock_);
  lock_ = -1;
}

fs::path OutDirectory::aside() { return work() / fmt::format("{}-{}", getpid(), asides_++); }

void OutDirectory::write_file(const fs::path& target, const std::string& text) {
  const fs::path half = aside();
  write_text(half, text);
  fs::rename(half, target);
}

void OutDirectory::place(const fs::path& finished, const fs::path& target) {
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  fs::rename(finished, target, error);
  if (!error) return;
  fs::remove_all(target, error);
  fs::rename(finished, target, error);
  CHECK(!error, fmt::format("rename to {}: {}", target.string(), error.message()));
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream stream(file, std::ios::binary);
  stream << text;
  stream.close();
  CHECK(stream.good(), fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
}

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace fuzz
