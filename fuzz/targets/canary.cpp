// Must fail: the engine with a planted bug. If the mutator, the coverage or an oracle stops working, this
// target is the first to show it.
#include "fuzz/targets/driver/fallbacks.h"

fuzz::Target& fuzz::target() {
  static Fallbacks fallbacks("engine", "variants_inplace_sign", {});
  return fallbacks;
}
