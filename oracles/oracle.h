// Oracle: (left path, right path, judge). One file per oracle defines its check; table.cpp is the only list.
// check() runs paths through the Trial and returns a Verdict. It never throws because of the subject, and
// refuses what it cannot judge (Judgement::refused, with the reason) before it runs its paths.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

// The words of reports for an oracle's findings. Titles begin in lower case and follow the name of an
// operator.
struct OracleWords {
  std::string_view left = {}, right = {};                      // names of the two sides
  std::string_view when = {};                                  // completes "result is wrong ..."
  std::string_view left_raises = {}, right_raises = {};        // titles if only that side raises
  std::string_view look_at = {};                               // a sentence: what the author should look at
  std::vector<std::pair<Kind, std::string_view>> titles = {};  // of kinds that `when` does not fit
};

struct Oracle {
  std::string_view name;
  std::string_view promise;  // one sentence: what must agree
  OracleWords words = {};
  Verdict (*check)(Trial&);
  double reach_floor = 0.01;  // below this share of its cases it counts as not run (floors.h)
  std::string_view key = {};  // the dispatch key whose fallback it tests, or empty
  int share = 1;              // judges one case in `share`
  bool of_programs = false;   // judges dispatch programs only
  bool asks_peer = false;     // runs programs on the subject's peer, too
  std::vector<std::string_view> planted = {};  // operators of the planted bugs that it must find
};

std::span<const Oracle> all_oracles();
const Oracle* find_oracle(std::string_view name);
// Whether the oracle judges cases of this subject; it refuses all cases of other subjects.
bool judges_subject(const Oracle& oracle, std::string_view subject);
// From "zero,meta" or "all", in the order of the table. Throws engine::InputError("--oracles", ...) for an
// unknown name.
std::vector<const Oracle*> select_oracles(std::string_view names);

}  // namespace oracles
