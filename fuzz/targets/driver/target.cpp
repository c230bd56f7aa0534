#include "fuzz/targets/driver/target.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "engine/core/input_error.h"

namespace fuzz {
namespace {

Settings current;

std::string_view text_of(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// The size of the text in `out`. 0 if it does not fit: libFuzzer then tries another mutation.
size_t copied(const std::string& text, uint8_t* out, size_t most) {
  if (text.size() > most) return 0;
  std::copy(text.begin(), text.end(), out);
  return text.size();
}

}  // namespace

const Settings& settings() { return current; }

void abort_with(const std::string& finding) {
  std::fprintf(stderr, "finding: %s\n", finding.c_str());
  std::abort();
}

void skip(const std::string& why) {
  std::fprintf(stderr, "skipped: %s\n", why.c_str());
  std::exit(0);
}

std::string Target::mutated(std::string_view input, size_t most, corpora::ChoiceSource&) {
  std::string bytes(input);
  bytes.resize(most);
  bytes.resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(bytes.data()), input.size(), most));
  return bytes;
}

std::string Target::crossed(std::string_view, std::string_view, size_t, corpora::ChoiceSource&) { return {}; }

}  // namespace fuzz

int LLVMFuzzerInitialize(int* count, char*** arguments) {
  constexpr std::string_view prefix = "-artifact_prefix=";
  for (int i = 1; i < *count; ++i)
    if (const std::string_view argument = (*arguments)[i]; argument.starts_with(prefix))
      fuzz::current.artifact_prefix = argument.substr(prefix.size());
  if (const char* plant = std::getenv("FAULTLINE_PLANT")) fuzz::current.plant = plant;
  fuzz::current.goes_on = std::getenv("FAULTLINE_GO_ON") != nullptr;
  fuzz::current.only_draws = std::getenv("FAULTLINE_DRAW_ONLY") != nullptr;
  try {
    fuzz::target();
  } catch (const engine::InputError& bad) {
    std::fprintf(stderr, "%s\n", bad.line().c_str());
    std::exit(2);
  }
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fuzz::target().run(fuzz::text_of(data, size));
  return fuzz::target().is_worth_keeping() ? 0 : -1;
}

size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t most, unsigned seed) {
  corpora::PhiloxChoices choices(seed, 0, 0);
  const size_t made =
      fuzz::copied(fuzz::target().mutated(fuzz::text_of(data, size), most, choices), data, most);
  return made == 0 ? size : made;
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t* data, size_t size, const uint8_t* other, size_t other_size,
                                 uint8_t* out, size_t most, unsigned seed) {
  corpora::PhiloxChoices choices(seed, 1, 0);
  return fuzz::copied(
      fuzz::target().crossed(fuzz::text_of(data, size), fuzz::text_of(other, other_size), most, choices), out,
      most);
}
