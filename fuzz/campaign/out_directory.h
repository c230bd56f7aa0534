// OutDirectory: the folder into which a run writes. One run at a time holds its lock, which ends with the
// process. Files are written in work/, then renamed, so a reader never sees half a file. If the system
// refuses a write (no space, read-only, a folder that was removed), it throws engine::EnvironmentError; the
// files written before stay, and a later run continues from them.
//   findings/FINGERPRINT/  pending/SIGNATURE-INDEX.case  unconfirmed/SIGNATURE-INDEX.case  runs/KEY.json
//   summary.json  coverage.json  work/ (private directories of children, unfinished files)
#pragma once

#include <filesystem>
#include <string>

namespace fuzz {

class OutDirectory {
 public:
  // Creates and locks the folder, and removes unfinished files of a killed run. Throws
  // engine::InputError("--out",
  // ...) if the path cannot be a folder or another run holds the lock.
  explicit OutDirectory(const std::string& path);
  ~OutDirectory();
  OutDirectory(const OutDirectory&) = delete;
  OutDirectory& operator=(const OutDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path work() const { return path_ / "work"; }
  std::filesystem::path pending() const { return path_ / "pending"; }
  std::filesystem::path findings() const { return path_ / "findings"; }
  std::filesystem::path unconfirmed() const { return path_ / "unconfirmed"; }
  std::filesystem::path runs() const { return path_ / "runs"; }

  // In a child, right after the fork, so that the lock ends with the parent.
  void leave_lock_to_parent();

  void write_file(const std::filesystem::path& target, const std::string& text);

 private:
  std::filesystem::path temporary();  // an unused path in work/
  void make_part(const std::string& name);
  void lock();
  void sweep_findings();
  std::filesystem::path path_;
  int lock_ = -1;
  uint64_t temporaries_ = 0;
};

std::string read_text(const std::filesystem::path& file);  // empty if it cannot be read

}  // namespace fuzz
