// investigate: from a raw detection to a finding: confirm in a fresh process, minimise, name its features,
// fingerprint it, match it against what is known, confirm the smallest case once more, write the reproducers.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "oracles/isolation/isolated.h"
#include "reports/finding.h"
#include "reports/known.h"

namespace reports {

struct Detection {
  corpora::Case raw;  // header filled as far as detection knows: subject, oracle, path
  oracles::Signature signature;
  Origin origin;
};
// What a verdict found, with the header of `c` filled in.
Detection detection_of(const corpora::Case& c, const oracles::Subject& subject, const oracles::Oracle& oracle,
                       const oracles::Verdict& verdict, const Origin& origin);

// Nothing when a fresh process does not show the signature again; `why` then says what it showed.
// `confirmed` are fingerprints that need no second confirmation: a detection that comes to one of them is
// returned with `repeats` set, as far as it was looked at.
std::optional<Finding> investigate(const Detection& detection, oracles::Subject& subject,
                                   oracles::Isolated& isolated, const KnownEntries& known,
                                   const std::set<std::string>& confirmed, std::string& why);

}  // namespace reports
