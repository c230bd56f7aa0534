// Oracle: (left path, right path, judge). One file per oracle defines its check; table.cpp is the only list.
// check() runs what it needs through the Trial and returns a Verdict; it never throws for the subject's sake.
// It must refuse (Judgement::refused, with why) before running what it cannot judge.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "oracles/compare/divergence.h"
#include "oracles/trial/trial.h"

namespace oracles {

struct Oracle {
  std::string_view name;
  std::string_view promise;  // one sentence: what must agree
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

// The operators of the planted library, for `run --plant NAME` and `list planted`.
struct Planted {
  std::string_view name;  // "zero_strides"
  std::string_view oracle;
  std::string_view subject;
  std::string_view op;       // "planted::zero_strides"; of the engine, a glob of operators
  std::string_view mistake;  // one sentence
};
std::span<const Planted> all_planted();
const Planted& planted_named(std::string_view name);  // throws engine::InputError("--plant", ...)
// Those of the catalog that show the mistake: a planted operator with its other forms, or an engine's glob.
std::vector<size_t> operators_of(const Planted& planted, const corpora::Catalog& catalog);

}  // namespace oracles
