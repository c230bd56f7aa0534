#include "fuzz/campaign/out_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>

#include "engine/core/environment_error.h"
#include "engine/core/input_error.h"
#include "reports/files.h"

namespace fuzz {

namespace fs = std::filesystem;

OutDirectory::OutDirectory(const std::string& path) {
  std::error_code absent;
  path_ = fs::absolute(path).lexically_normal();
  make_part({});
  lock();
  fs::remove_all(work(), absent);
  for (const char* part : {"work", "pending", "findings", "runs"}) make_part(part);
  sweep_findings();
}

void OutDirectory::make_part(const std::string& name) try {
  reports::make_folder(path_ / name);
} catch (const engine::InputError& error) {
  throw engine::InputError("--out", error.line());
}

// Names with a dot are unfinished findings of a killed run.
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
  if (lock_ < 0) throw engine::EnvironmentError(file.string() + " cannot be written", errno);
  // The children of a killed run may live a moment longer than the run.
  for (int attempt = 0; flock(lock_, LOCK_EX | LOCK_NB) != 0; ++attempt) {
    if (attempt == 20) {
      close(lock_);
      throw engine::InputError("--out", path_.string() + " is in use by another run");
    }
    usleep(50'000);
  }
}

void OutDirectory::leave_lock_to_parent() {
  close(lock_);
  lock_ = -1;
}

fs::path OutDirectory::temporary() { return work() / fmt::format("{}-{}", getpid(), temporaries_++); }

void OutDirectory::write_file(const fs::path& target, const std::string& text) {
  reports::write_text_by_way_of(temporary(), target, text);
}

std::string read_text(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace fuzz
