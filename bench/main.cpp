// Runs every case on both dispatchers in one process, interleaved, and prints a table of the medians and
// their ratio. Google Benchmark's flags work (--benchmark_filter, --benchmark_repetitions, ...).
#include <fmt/format.h>
#include <sys/single_threaded.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "bench/bench_cases.h"

namespace {

// Collects times instead of printing them.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.error_occurred) continue;
      const std::string name = run.run_name.function_name;
      const size_t slash = name.rfind('/');
      rows_[name.substr(0, slash)][name.substr(slash + 1)].push_back(run.GetAdjustedCPUTime());
    }
  }
  void print() {
    fmt::print("{}\n", __libc_single_threaded ? "a process with one thread" : "a process with threads");
    fmt::print("{:42} {:>10} {:>10} {:>8}\n", "ns, median of CPU time", "engine", "c10", "ratio");
    for (auto& [name, times] : rows_) {
      const double engine = median(times["engine"]);
      const double c10 = median(times["c10"]);
      if (c10 > 0)
        fmt::print("{:42} {:10.1f} {:10.1f} {:8.2f}\n", name, engine, c10, engine / c10);
      else
        fmt::print("{:42} {:10.1f} {:>10} {:>8}\n", name, engine, "-", "-");
    }
  }

 private:
  static double median(std::vector<double>& times) {
    if (times.empty()) return 0;
    std::nth_element(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2),
                     times.end());
    return times[times.size() / 2];
  }
  std::map<std::string, std::map<std::string, std::vector<double>>> rows_;
};

}  // namespace

void bench::add(std::string_view name, std::string_view subject, void (*run)(benchmark::State&)) {
  benchmark::RegisterBenchmark((std::string(name) + "/" + std::string(subject)).c_str(), run);
}

int main(int argc, char** argv) {
  std::vector<char*> arguments(argv, argv + argc);
  if (argc > 1 && std::string_view(argv[1]) == "--threaded") {
    std::thread([] {}).join();
    arguments.erase(arguments.begin() + 1);
  } else if (!__libc_single_threaded && !std::getenv("OPENBLAS_NUM_THREADS")) {
    setenv("OPENBLAS_NUM_THREADS", "1", 1);  // OpenBLAS starts its threads when libtorch is loaded
    execv("/proc/self/exe", argv);
  }
  std::vector<std::string> defaults{"--benchmark_repetitions=9", "--benchmark_min_time=0.05",
                                    "--benchmark_enable_random_interleaving=true"};
  for (size_t i = 0; i < defaults.size(); ++i)
    arguments.insert(arguments.begin() + 1 + static_cast<std::ptrdiff_t>(i), defaults[i].data());
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  bench::add_engine_cases();
  bench::add_fake_cases();
  bench::add_fuser_cases();
  bench::add_torch_cases();
  Collector collector;
  benchmark::RunSpecifiedBenchmarks(&collector);
  collector.print();
  return 0;
}
