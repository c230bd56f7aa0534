// Memory limit: of this process, for the memory that it adds from now on. The system limits the address
// space. Where that does not work, because AddressSanitizer and the drivers of GPUs reserve address space
// that they never use, a timer of CPU time looks at the resident memory: only a process that computes can
// fill memory.
#pragma once

#include <cstdint>

namespace oracles {

// Allocations beyond `mib` fail.
void limit_address_space(int64_t mib);
// The process exits with `status` soon after its resident memory has grown by `mib`. Its children do not
// inherit this. Takes the signal SIGRTMIN + 5.
void limit_resident_memory(int64_t mib, int status);

}  // namespace oracles
