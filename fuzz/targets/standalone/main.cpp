// A main for fuzz targets in builds without libFuzzer: runs the files it is given, and -runs=N drawn inputs.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "corpora/case/choice_source.h"

extern "C" int LLVMFuzzerTestOneInput(const char* data, size_t size);

namespace {

void run_drawn(uint64_t count) {
  for (uint64_t i = 0; i < count; ++i) {
    corpora::PhiloxChoices choices(0, 0, i);
    std::string bytes(choices.below(512), '\0');
    for (char& byte : bytes) byte = static_cast<char>(choices.below(256));
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  std::printf("ran %llu inputs\n", static_cast<unsigned long long>(count));
}

}  // namespace

int main(int count, char** arguments) {
  for (int i = 1; i < count; ++i) {
    const std::string_view argument = arguments[i];
    if (argument.starts_with("-runs=")) {
      run_drawn(std::strtoull(arguments[i] + 6, nullptr, 10));
    } else if (!argument.starts_with("-")) {
      std::ifstream file(arguments[i], std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      std::printf("%s: %zu bytes\n", arguments[i], bytes.size());
    }
  }
  return 0;
}
