// Child tasks: runs numbered tasks in forked processes, up to `jobs` at once, in batches that share a
// process. A task reports lines to the parent. After an interrupt, no further batch is started.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "fuzz/campaign/interrupt.h"
#include "fuzz/campaign/worker.h"
#include "oracles/isolation/isolated.h"

namespace fuzz {

using Say = std::function<void(const std::string& line)>;

struct ChildTasks {
  size_t count = 0;
  std::function<void(size_t task, oracles::Isolated& isolated, const Say& say)> work;  // in a child
  std::function<std::string(size_t task)> name;              // for the message of an internal error
  std::function<void(std::vector<std::string> lines)> take;  // in the parent: what an ended child reported
  std::function<void(size_t done)> progress;                 // in the parent
};

void run_in_children(Run& run, const ChildTasks& tasks, const Interrupt& interrupt);

}  // namespace fuzz
