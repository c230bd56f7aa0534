// Cases on the engine, judged by all its oracles, in this process: its own code guides the fuzzer, too. It is
// to be right, so that any finding ends the run.
#include "fuzz/targets/driver/fallbacks.h"

fuzz::Target& fuzz::target() {
  static Fallbacks fallbacks("engine", surroundings().plant, {});
  return fallbacks;
}
