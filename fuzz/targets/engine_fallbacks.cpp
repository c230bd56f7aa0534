// Cases on the engine, judged by all its oracles, in this process, so that coverage of the engine's code
// guides the fuzzer. The engine must be right: any finding ends the run.
#include "fuzz/targets/driver/fallbacks.h"

fuzz::Target& fuzz::target() {
  static Fallbacks fallbacks("engine", settings().plant, {});
  return fallbacks;
}
