// investigate: turns a raw detection into a finding: confirms it in a fresh process, minimises it, computes
// features and fingerprint, confirms the smallest case in a fresh process, records traces, matches known
// entries.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "oracles/isolation/isolated.h"
#include "reports/finding.h"
#include "reports/known.h"

namespace reports {

struct Detection {
  corpora::Case raw;  // with a header: subject, oracle, path, load, expect
  oracles::Signature signature;
  Origin origin;
};
// What a verdict found, with the header of `c` filled in.
Detection detection_of(const corpora::Case& c, const oracles::Subject& subject, const oracles::Oracle& oracle,
                       const oracles::Verdict& verdict, const Origin& origin);

// Nothing if a fresh process does not show the signature again; `why` then says what it showed. A detection
// whose fingerprint is in `confirmed` is not confirmed again: the incomplete finding is returned with
// `repeats` set.
std::optional<Finding> investigate(const Detection& detection, oracles::Subject& subject,
                                   oracles::Isolated& isolated, const KnownEntries& known,
                                   const std::set<std::string>& confirmed, std::string& why);

}  // namespace reports
