// Known: entries of corpora/known/*.json that explain findings by rule. A known finding is reported all the
// same. One entry a file; corpora/known/README.md describes the keys. `name`, `operators` and `reason` are
// required. Rejected: unknown keys, oracles and kinds, a wrong range of versions, and the operator "*"
// without a required feature or a kind.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "reports/finding.h"

namespace reports {

struct KnownEntry {
  std::string name, subject;                                      // no subject: any
  std::vector<std::string> oracles, kinds;                        // one of them; empty: any
  std::vector<std::string> operators;                             // globs over the qualified name
  std::string versions;                                           // of the subject (version_range.h)
  std::vector<std::string> requires_features, excludes_features;  // globs over features; "a|b": either
  std::vector<std::string> left, right;           // globs over what the sides show (spelling.h); empty: any
  std::vector<std::string> calls, without_calls;  // globs over the lines of the right side's dispatch trace
  std::vector<std::string> left_calls;            // and of the left side's
  std::string reason;
  // Files of smallest cases, in cases/ beside the entry: on each version at least one of them shows it.
  std::vector<std::string> cases;
  std::string link;
};

// `file` is the name of the text in errors. Throws InputError file:line:column.
KnownEntry parse_known(std::string_view text, const std::string& file);
bool covers(const KnownEntry& entry, const Finding& finding);

// The folder of the entries that are installed, or built, with this program: PREFIX/share/faultline/known.
std::string installed_known();

class KnownEntries {
 public:
  // Reads every *.json under the directories, in order of file name; throws InputError file:line:column.
  static KnownEntries read(const std::vector<std::string>& directories);
  static KnownEntries of(std::vector<KnownEntry> entries);
  const KnownEntry* match(const Finding& finding) const;  // the first entry that covers it, or nullptr
  const std::vector<KnownEntry>& entries() const { return entries_; }

 private:
  std::vector<KnownEntry> entries_;
};

std::string to_json(const KnownEntry& entry);
// The entry that `faultline accept FINDING` writes: the finding's own signature and features.
KnownEntry entry_for(const Finding& finding, const std::string& reason);

}  // namespace reports
