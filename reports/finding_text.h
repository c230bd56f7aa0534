// Finding text: a finding in sentences, which all writers share: a title, the smallest call as Python, what
// both sides do, what the operator's author should look at. No code reads a sentence back.
#pragma once

#include <string>
#include <vector>

#include "reports/finding.h"

namespace reports {

struct SideText {
  std::string name;   // "real zeros"
  std::string text;   // "[1, 2]"
  std::string whole;  // the whole value, or the last lines that a dead process printed; may be empty
};

struct FindingText {
  std::string title;     // "Result has different strides for a ZeroTensor input": the same in all of a group
  std::string headline;  // "`aten::exp`: result has different strides for a ZeroTensor input"
  std::string call;      // Python, a line for each tensor and call; for a dispatch program its statements
  std::string where;     // "result 0, element [1, 2]"
  SideText left, right;
  std::string expected;  // a sentence: what must agree
  std::string look_at;   // a sentence: what to look at
};

FindingText text_of(const Finding& finding);
// "also shown by 3 findings of determinism, neg": the other findings on the same mistake; empty if there are
// none.
std::string also_shown_by(const Finding& finding);
// "known: torch-median", "on an operator of the library, not of the author"; empty for a new finding.
std::string why_not_new(const Finding& finding);
// The features of the minimal case in words, without those that the title or the two sides say.
std::vector<std::string> needs_of(const Finding& finding);

}  // namespace reports
