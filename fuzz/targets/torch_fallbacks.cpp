// Cases on PyTorch, judged by all its oracles, in a child: PyTorch crashes. It is full of findings, so that
// the run goes on past them and keeps a case of each signature; what guides the fuzzer is dispatch coverage.
#include "engine/core/input_error.h"
#include "fuzz/targets/driver/fallbacks.h"

fuzz::Target& fuzz::target() try {
  static Fallbacks fallbacks("torch", surroundings().plant, {Bench::Where::child, Findings::OnNew::goes_on});
  return fallbacks;
} catch (const engine::InputError& error) {
  if (error.where() == "--subject") skip(error.line());  // a build without libtorch
  throw;
}
