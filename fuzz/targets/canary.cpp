// Must fail: the engine with a mistake in it. A fuzzer, a mutator or a coverage that has gone blind shows
// here first.
#include "fuzz/targets/driver/fallbacks.h"

fuzz::Target& fuzz::target() {
  static Fallbacks fallbacks("engine", "variants_inplace_sign", {});
  return fallbacks;
}
