// verify_reproducers: runs the repro.py of findings that were not run before, with and without --same, in
// forks of one Python that imports torch once. A script that does not do what it promises is deleted, and its
// finding.json gives the reason. Without a Python that has torch, the scripts stay, not verified.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace reports {

// After each script it calls `ran` with the number of scripts run and of all scripts, and stops if that
// returns false. Returns an empty string, or a line for people that says why some scripts were not run.
std::string verify_reproducers(const std::vector<std::string>& finding_directories,
                               const std::function<bool(size_t, size_t)>& ran);

}  // namespace reports
