#include "bench/cases.h"

namespace bench {

void add_torch_cases() {}

}  // namespace bench
