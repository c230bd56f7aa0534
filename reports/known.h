// Known: entries of corpora/known/*.json that explain findings by rule, never by hiding them.
// Entry: {name, oracle, kind, operators (globs), subject, versions, requires (features), excludes (features), reason, link}.
// Refused: an entry whose operators are "*" without any required feature or kind.
#pragma once

#include <string>
#include <vector>

#include "reports/finding.h"

namespace reports {

struct KnownEntry {
  std::string name, subject, oracle, kind;  // empty: any
  std::vector<std::string> operators;       // globs
  std::string versions;                     // prefix of the subject's version, or empty
  std::vector<std::string> requires_features, excludes_features;
  std::string reason, link;
};

class KnownEntries {
 public:
  // Reads every *.json under the directories; throws InputError file:line:column.
  static KnownEntries read(const std::vector<std::string>& directories);
  const KnownEntry* match(const Finding& finding) const;
  const std::vector<KnownEntry>& entries() const { return entries_; }

 private:
  std::vector<KnownEntry> entries_;
};

std::string to_json(const KnownEntry& entry);
// The entry that `faultline accept FINDING` writes: the finding's own signature and features.
KnownEntry entry_for(const Finding& finding, const std::string& reason);

}  // namespace reports
