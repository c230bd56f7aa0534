// OutDirectory: what a run leaves behind, and in which order it may appear there. One run at a time holds it
// (a lock that ends with the process). Files and directories come into being whole: written in work/, then
// renamed.
//   findings/FINGERPRINT/  pending/SIGNATURE-INDEX.case  unconfirmed/SIGNATURE-INDEX.case  runs/KEY.json
//   summary.json  coverage.json  work/ (private directories of children, things half written)
#pragma once

#include <filesystem>
#include <string>

namespace fuzz {

class OutDirectory {
 public:
  // Makes and locks it, and removes what a killed run left half done. Throws engine::InputError("--out",
  // ...).
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

  // In a child, right after the fork: the lock is the parent's, and must end with the parent.
  void leave_lock_to_parent();

  // A path in work/ that nobody else uses.
  std::filesystem::path aside();
  void write_file(const std::filesystem::path& target, const std::string& text);
  // Moves a finished directory to its place, over what stands there.
  void place(const std::filesystem::path& finished, const std::filesystem::path& target);

 private:
  void lock();
  void sweep_findings();
  std::filesystem::path path_;
  int lock_ = -1;
  uint64_t asides_ = 0;
};

// Writes a whole file or fails a CHECK: a full disk is no result of a run.
void write_text(const std::filesystem::path& file, const std::string& text);
std::string read_text(const std::filesystem::path& file);  // empty when it cannot be read

}  // namespace fuzz
