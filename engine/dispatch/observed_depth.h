// How many observed calls are around whatever runs on this thread now: zero between calls, also behind one
// that threw.
#pragma once

namespace engine {

extern constinit thread_local int observed_depth __attribute__((tls_model("initial-exec")));

}  // namespace engine
