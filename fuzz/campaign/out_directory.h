// OutDirectory: the folder into which a run writes. One run at a time holds it (a lock that ends with the
// process). Files appear whole: they are written in work/, then renamed. What the system refuses (no space,
// read-only, a folder that was removed) is an engine::EnvironmentError; the files written before it stay, and
// a later run goes on with them.
//   findings/FINGERPRINT/  pending/SIGNATURE-INDEX.case  unconfirmed/SIGNATURE-INDEX.case  runs/KEY.json
//   summary.json  coverage.json  work/ (private directories of children, things half written)
#pragma once

#include <filesystem>
#include <string>

namespace fuzz {

class OutDirectory {
 public:
  // Makes and locks it, and removes what a killed run left half written. Throws engine::InputError("--out",
  // ...) where the path is not a folder's or another run holds it.
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

  void write_file(const std::filesystem::path& target, const std::string& text);

 private:
  std::filesystem::path aside();  // a path in work/ that nothing else uses
  void make_part(const std::string& name);
  void lock();
  void sweep_findings();
  std::filesystem::path path_;
  int lock_ = -1;
  uint64_t asides_ = 0;
};

std::string read_text(const std::filesystem::path& file);  // empty when it cannot be read

}  // namespace fuzz
