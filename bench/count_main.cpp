// Runs one of the engine's cases a given number of times, for a tool that counts instructions:
// `count_dispatch CASE TIMES`. Without arguments it lists the cases. Uses neither libtorch nor threads, so
// that only the engine's instructions are counted.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "bench/bench_cases.h"

namespace {

// A reporter that prints nothing.
class Silent : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>&) override {}
};

std::string_view wanted;
long times = 0;

}  // namespace

// Registers only the wanted case, with a fixed number of iterations.
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
