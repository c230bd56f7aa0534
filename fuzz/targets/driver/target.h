// Target: what libFuzzer drives. A target's file defines target(); target.cpp implements libFuzzer's entry
// points with it. An input is any sequence of bytes. run() aborts only if it finds a divergence.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "corpora/case/choice_source.h"

// libFuzzer's entry points, which a build without libFuzzer calls from standalone/main.cpp, and its mutator,
// which standalone/main.cpp then defines.
extern "C" {
int LLVMFuzzerInitialize(int* count, char*** arguments);
int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t* data, size_t size, const uint8_t* other, size_t other_size,
                                 uint8_t* out, size_t most, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most);
}

namespace fuzz {

class Target {
 public:
  virtual ~Target() = default;

  virtual void run(std::string_view input) = 0;
  // Whether libFuzzer may add the latest input to its corpus.
  virtual bool is_worth_keeping() const { return true; }
  // A variation of the input, of at most `most` bytes. By default libFuzzer changes some bytes.
  virtual std::string mutated(std::string_view input, size_t most, corpora::ChoiceSource& choices);
  // An input with parts of both; empty if there is none.
  virtual std::string crossed(std::string_view input, std::string_view other, size_t most,
                              corpora::ChoiceSource& choices);
};

// Built by the first call, before any input.
Target& target();

// The settings of a run of a fuzz target.
struct Settings {
  std::string artifact_prefix;  // libFuzzer's: a folder with a slash, or the beginning of file names
  std::string plant;            // FAULTLINE_PLANT: the planted bug that the target must find, or empty
  bool goes_on = false;         // FAULTLINE_GO_ON: writes every new finding and goes on
  bool only_draws = false;      // FAULTLINE_DRAW_ONLY: draws each input anew, without coverage guidance
};
const Settings& settings();

// Prints the finding and aborts, which libFuzzer reports.
[[noreturn]] void abort_with(const std::string& finding);

// Exits with status 0, because the target cannot run here.
[[noreturn]] void skip(const std::string& why);

}  // namespace fuzz
