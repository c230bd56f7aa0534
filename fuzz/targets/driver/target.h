// Target: what libFuzzer drives. A target's file defines target(); entry.cpp stands between the two.
// Promises: an input is any bytes. run() aborts on what must not be, and on nothing else.
#pragma once

#include <string>
#include <string_view>

#include "corpora/case/choice_source.h"

namespace fuzz {

class Target {
 public:
  virtual ~Target() = default;

  virtual void run(std::string_view input) = 0;
  // Of the latest input: whether more of its kind are wanted.
  virtual bool is_worth_keeping() const { return true; }
  // An input near this one, of at most `most` bytes. Unless a target knows better, some bytes are others.
  virtual std::string mutated(std::string_view input, size_t most, corpora::ChoiceSource& choices);
  // One with parts of both; empty: none.
  virtual std::string crossed(std::string_view input, std::string_view other, size_t most,
                              corpora::ChoiceSource& choices);
};

// Made at the first call, before any input.
Target& target();

// What surrounds a run of a fuzz target.
struct Surroundings {
  std::string artifact_prefix;  // of libFuzzer: a folder with its slash, or a beginning of file names
  std::string plant;            // FAULTLINE_PLANT: the mistake that must turn the target red, or empty
  bool goes_on = false;         // FAULTLINE_GO_ON: past new findings, too; each is kept
  bool only_draws = false;      // FAULTLINE_DRAW_ONLY: each input is drawn anew, so that nothing guides
};
const Surroundings& surroundings();

// The end of a run that found something, in words; how libFuzzer learns of it.
[[noreturn]] void abort_with(const std::string& finding);

// Ends the program in order: the target cannot run here.
[[noreturn]] void skip(const std::string& why);

}  // namespace fuzz
