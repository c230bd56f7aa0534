// Runs one of the engine's cases a given number of times: `count_dispatch CASE TIMES`, for a tool that counts
// instructions; without arguments it names the cases. Neither libtorch nor threads, so that a count is the
// engine's alone.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/cases.h"

namespace {

// Says nothing.
class Silent : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

std::string_view wanted;
long times = 0;

}  // namespace

// In place of the benchmark's registration: of one case, for so many iterations.
void bench::add(std::string_view name, std::string_view, void (*run)(benchmark::State&)) {
  if (wanted.empty()) std::puts(std::string(name).c_str());
  if (name == wanted) benchmark::RegisterBenchmark("case", run)->Iterations(times);
}

int main(int argc, char** argv) {
  if (argc == 3) {
    wanted = argv[1];
    times = std::atol(argv[2]);
  }
  bench::add_engine_cases();
  if (wanted.empty()) return 0;
  Silent silent;
  return benchmark::RunSpecifiedBenchmarks(&silent) == 1 ? 0 : 2;
}
