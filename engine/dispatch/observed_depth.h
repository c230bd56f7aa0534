// observed_depth: the number of observed calls that this thread is inside. Zero between calls, also after a
// call that threw.
#pragma once

namespace engine {

extern constinit thread_local int observed_depth __attribute__((tls_model("initial-exec")));

}  // namespace engine
