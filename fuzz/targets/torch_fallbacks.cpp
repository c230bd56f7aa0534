// Cases on PyTorch, judged by all its oracles, in a child process, because PyTorch may crash. PyTorch has
// many findings, so the run goes on after each and writes one case of each signature. Dispatch coverage
// guides the fuzzer.
#include "engine/core/input_error.h"
#include "fuzz/targets/driver/fallbacks.h"

fuzz::Target& fuzz::target() try {
  static Fallbacks fallbacks("torch", settings().plant, {Bench::Where::child, Findings::OnNew::goes_on});
  return fallbacks;
} catch (const engine::InputError& error) {
  if (error.where() == "--subject") skip(error.line());  // a build without libtorch
  throw;
}
