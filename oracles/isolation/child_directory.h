// Child directories: the place of its own that each child works in, so that what an operator writes to a
// relative path or to TMPDIR disturbs nobody. They are named after the process that forks ("faultline-child-
// PID-N") and used again, because making one costs more than most checks. Nothing of this is thread-safe: a
// process that forks children does so from one thread.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace oracles {

// An empty directory below `base` (empty: the system's temporary one) that no other child uses.
std::filesystem::path take_child_directory(const std::filesystem::path& base);

// Once the child is gone: emptied, for the next one.
void give_back_child_directory(const std::filesystem::path& directory);

// In a child: those taken before it was forked are its parent's.
void forget_child_directories();

// Before a process ends without its destructors.
void remove_spare_child_directories();

// Removes what killed parents left below `base`.
void sweep_child_directories(const std::filesystem::path& base);

}  // namespace oracles
