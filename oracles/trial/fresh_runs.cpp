#include "oracles/trial/fresh_runs.h"

namespace oracles {

FreshRuns& fresh_runs() {
  static FreshRuns runs;
  return runs;
}

}  // namespace oracles
