// A main for fuzz targets in builds without libFuzzer: runs the given files and folders, and then N inputs
// (-runs=N) of random bytes, mutations and combinations of earlier inputs. No coverage guides it.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/choice_source.h"
#include "fuzz/targets/driver/target.h"

namespace {

constexpr size_t longest = 1 << 14;
constexpr size_t pool_size = 256;
using Bytes = std::vector<uint8_t>;

class Run {
 public:
  void input(const Bytes& bytes) {
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    ++ran_;
    if (pool_.size() < given_ + pool_size)
      pool_.push_back(bytes);
    else
      pool_[given_ + ran_ % pool_size] = bytes;
  }
  void file(const std::filesystem::path& path) {
    std::ifstream from(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(from), {}};
    ++given_;
    input({text.begin(), text.end()});
  }
  void mutations(uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      corpora::PhiloxChoices choices(0, 0, i);
      input(next(choices));
    }
  }
  uint64_t ran() const { return ran_; }

 private:
  Bytes next(corpora::ChoiceSource& choices) const {
    if (pool_.empty() || choices.chance(1, 4)) {
      Bytes drawn(choices.below(512));
      for (uint8_t& byte : drawn) byte = static_cast<uint8_t>(choices.below(256));
      return drawn;
    }
    const bool from_given = given_ > 0 && choices.chance(1, 2);
    const Bytes& from = from_given ? pool_[choices.below(given_)] : choices.pick(pool_);
    const auto seed = static_cast<unsigned>(choices.below(uint64_t{1} << 32));
    Bytes out(std::max(longest, from.size()));
    std::copy(from.begin(), from.end(), out.begin());
    const Bytes& other = choices.pick(pool_);
    size_t size = 0;
    if (choices.chance(1, 4))
      size = LLVMFuzzerCustomCrossOver(from.data(), from.size(), other.data(), other.size(), out.data(),
                                       out.size(), seed);
    else
      size = LLVMFuzzerCustomMutator(out.data(), from.size(), out.size(), seed);
    out.resize(size);
    return out;
  }

  std::vector<Bytes> pool_;  // the given inputs, then the latest others
  size_t given_ = 0;
  uint64_t ran_ = 0;
};

}  // namespace

// Replaces libFuzzer's mutator in tests: changes, adds or removes a few bytes.
size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t most) {
  static uint64_t calls = 0;
  corpora::PhiloxChoices choices(1, 0, calls++);
  if (size > 1 && choices.chance(1, 4)) return 1 + choices.below(size);
  if (size < most && choices.chance(1, 3)) data[size++] = static_cast<uint8_t>(choices.below(256));
  for (uint64_t edits = 1 + choices.below(3); edits > 0 && size > 0; --edits)
    if (uint8_t& byte = data[choices.below(size)]; choices.chance(1, 2))
      byte = static_cast<uint8_t>(byte + choices.between(-1, 1));
    else
      byte = static_cast<uint8_t>(choices.below(256));
  return size;
}

int main(int count, char** arguments) {
  std::signal(SIGABRT, [](int) { std::_Exit(77); });  // libFuzzer's exit status
  LLVMFuzzerInitialize(&count, &arguments);
  Run run;
  uint64_t wanted = 0;
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument.starts_with("-runs=")) wanted = std::strtoull(arguments[i] + 6, nullptr, 10);
    if (argument.starts_with("-")) continue;
    if (!std::filesystem::is_directory(argument)) {
      run.file(argument);
      continue;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argument))
      if (entry.is_regular_file()) files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) run.file(file);
  }
  run.mutations(wanted);
  std::printf("ran %llu inputs\n", static_cast<unsigned long long>(run.ran()));
  return 0;
}
