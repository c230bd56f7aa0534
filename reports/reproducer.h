// Reproducers: a finding as a program that needs no Faultline: Python with PyTorch, and C++ with libtorch.
// Each prints both sides and exits 1 while they differ, 0 when they do not; --same dresses both sides alike.
// Where a language cannot express the finding, `absent` says why.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "reports/finding.h"

namespace reports {

struct Reproducer {
  std::string text;
  std::string absent;  // why there is no text, or empty
};

Reproducer repro_py(const Finding& finding);
Reproducer repro_cpp(const Finding& finding);

// Runs the repro.py of these directories of findings that were not run before, with and without --same, in
// forks of one Python that imports torch once. A script that does not hold what it promises is deleted, and
// its finding.json says why. Returns a line for people when there is no Python with torch (the scripts then
// stay, not verified). `ran` hears how many of how many have been run, and says
// whether to go on.
std::string verify_reproducers(const std::vector<std::string>& finding_directories,
                               const std::function<bool(size_t, size_t)>& ran, double timeout_seconds = 60);

}  // namespace reports
