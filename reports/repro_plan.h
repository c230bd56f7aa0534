// Plan of a reproducer, the same in every language: which programs run, what is observed, and what it is
// compared with. Most findings compare two sides; some compare a program with a promise (of a schema).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reports/finding.h"

namespace reports {

struct ReproPlan {
  enum class Against : uint8_t {
    other_side,  // the left side of the same finding
    before,      // what the watched inputs, or the thread's state, were before the call
    expectation  // `expected`, for each result
  };
  Against against = Against::other_side;
  corpora::Case left;                   // calls up to the differing one
  std::optional<corpora::Case> right;   // where the right side runs another program
  corpora::Path left_path, right_path;  // the layers that transform inputs
  std::vector<int32_t> outs;            // inputs of the right program that are its results
  bool narrowed = false;                // outs are cast back to the left results' dtypes
  bool in_inputs = false;               // the difference shows in inputs, not in results
  std::vector<int32_t> watched;         // inputs to look at; empty: all
  bool must_change = false;             // with Against::before: the call must change what is watched
  int step = 1;                         // of the watched elements
  std::string expected;                 // with Against::expectation
  bool apart = false;                   // each side must run in a process of its own
  bool dies = false;                    // a side ends its process or does not end
  bool backwards = false;               // a recorded side is run backwards, too
  std::string device;                   // where the run was, if not on the CPU
  double bound = 0;

  bool promise() const { return against != Against::other_side; }
  // With a promise: the program that is compared with it.
  const corpora::Case& program() const { return right ? *right : left; }
};

struct Planned {
  ReproPlan plan;
  std::string cannot;  // why no language can show it without Faultline, or empty
};

// Whether None for an argument of this type means the device of the side: the call takes no tensor.
bool takes_side_device(const corpora::Call& call, const engine::Type& type);

Planned plan_of(const Finding& finding);

}  // namespace reports
