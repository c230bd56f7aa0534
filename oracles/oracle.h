// Oracle: (left path, right path, judge). One file per oracle defines its check; table.cpp is the only list,
// with the words that reports use for its findings.
// check() runs what it needs through the Trial and returns a Verdict; it never throws for what the subject
// does. It must refuse (Judgement::refused, with the reason) before running what it cannot judge.
#pragma once

#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

// How reports speak of an oracle's findings, in the words of an operator's author. Titles begin in lower
// case, so that an operator's name can go before them.
struct OracleWords {
  std::string_view left = {}, right = {};                      // names of the two sides
  std::string_view when = {};                                  // completes "result is wrong ..."
  std::string_view left_raises = {}, right_raises = {};        // titles where only that side raises
  std::string_view look_at = {};                               // a sentence: what the author should look at
  std::vector<std::pair<Kind, std::string_view>> titles = {};  // of kinds that `when` does not fit
};

struct Oracle {
  std::string_view name;
  std::string_view promise;  // one sentence: what must agree
  OracleWords words = {};
  Verdict (*check)(Trial&);
  int share = 1;                          // judges one case in `share`
  std::string_view key = {};              // dispatch key whose fallback it aims at, or empty
  double reach_floor = 0.01;              // below this share of its cases it counts as not run (floors.h)
  std::vector<std::string_view> planted;  // operators of the planted library that it must catch
  bool of_programs = false;               // judges dispatch programs, and nothing else
  bool asks_peer = false;                 // runs programs on the subject's peer, too
};

std::span<const Oracle> all_oracles();
const Oracle* find_oracle(std::string_view name);
// Whether the oracle judges cases of this subject; of another it refuses every case.
bool judges_subject(const Oracle& oracle, std::string_view subject);
// From "zero,meta" (or "all"); throws engine::InputError("--oracles", ...) for an unknown name. Table order.
std::vector<const Oracle*> select_oracles(std::string_view names);

}  // namespace oracles
