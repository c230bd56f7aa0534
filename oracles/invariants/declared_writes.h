// Declared writes: whether the arguments that schemas declare as written, such as Tensor(a!), ever change.
// One call cannot show that an argument is never written, because a write may store the value that was there.
// So a run counts over all its accepted calls. Of an argument that none of them changed, it gives the oracle
// `schema` a program of some of those calls, longer than any that is drawn.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "oracles/trial/trial.h"

namespace oracles {

// What one call did, as bits by the number of the argument. Arguments from 32 on are not watched.
struct ArgumentWrites {
  uint32_t watched = 0;  // declared as written, and an input with elements was given
  uint32_t written = 0;  // its values, sizes, strides or memory changed
};

// Of a call of `op`; nothing if it did not return.
ArgumentWrites writes_of_call(const corpora::Case& c, const corpora::Operator& op, const Outcome& outcome,
                              size_t call);

// Sums do not depend on the order in which calls or parts of a run are added.
class DeclaredWrites {
 public:
  // So many accepted calls must leave an argument as it was. An argument that depends on one flag is written
  // in half of the drawn calls, one that depends on two flags in a quarter: of 48 calls, one in a million
  // runs shows none of those.
  static constexpr uint64_t calls_needed = 48;
  // Of them, the first ones form the program that shows it. Drawn programs have fewer calls.
  static constexpr size_t calls_shown = 5;

  void add(const std::string& op, uint64_t index, ArgumentWrites of_call);
  void add(const DeclaredWrites& other);

  struct Unwritten {
    std::string op;
    int32_t argument = 0;
    std::vector<uint64_t> indices;  // the lowest ones of cases that end with such a call
  };
  // Each operator once, with its first argument that is never written.
  std::vector<Unwritten> never_written() const;

 private:
  struct Sum {
    uint64_t watched = 0, written = 0;
    std::vector<uint64_t> lowest;  // indices of calls that were watched

    void add_index(uint64_t index);
  };
  std::map<std::string, std::map<int32_t, Sum>> sums_;
};

// What a run reports before the program has been judged.
Verdict verdict_of(const DeclaredWrites::Unwritten& unwritten);

// Whether a divergence of `schema` is a write that never happens.
bool is_missing_write(const Divergence& divergence);

// For a program with `calls_shown` calls of its last operator: the divergence if none of them changes an
// argument, neither with the program's values nor with others.
std::optional<Divergence> missing_write(Trial& trial);

}  // namespace oracles
