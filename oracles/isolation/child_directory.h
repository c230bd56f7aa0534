// Child directories: each child works in a private directory, so that files which an operator writes to a
// relative path or to TMPDIR affect nothing else. Directories are named after the process that forks
// ("faultline-child-PID-N") and reused, because to create one costs more than most checks. Not thread-safe: a
// process forks its children from one thread.
#pragma once

#include <sys/types.h>

#include <filesystem>

namespace oracles {

// An empty directory below `base` (empty: the system's temporary one) that no other child uses.
std::filesystem::path take_child_directory(const std::filesystem::path& base);

// After the child's death: keeps the directory for the next child if it is empty, else removes it.
void give_back_child_directory(const std::filesystem::path& directory);

// In a child: forgets the directories of its parent.
void forget_child_directories();

// For a process that ends without running destructors.
void remove_spare_child_directories();

// Removes the directories of killed parents below `base`.
void sweep_child_directories(const std::filesystem::path& base);

}  // namespace oracles
