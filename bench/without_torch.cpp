#include "bench/bench_cases.h"

namespace bench {

void add_torch_cases() {}

}  // namespace bench
