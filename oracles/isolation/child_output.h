// Child output: what a child prints, in a file in memory that cannot grow, and whose offset parent and child
// share. Output beyond its size is lost, so that a child which prints without end costs nothing.
#pragma once

#include <string>

namespace oracles {

// A descriptor, or -1 if the system refuses. For standard output and standard error of one child.
int make_child_output();

// What was printed last: at most 20 lines and 4 KiB.
std::string last_lines(int output);

}  // namespace oracles
