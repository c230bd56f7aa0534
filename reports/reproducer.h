// Reproducers: a finding as a program that does not need Faultline: Python with PyTorch, and C++ with
// libtorch. Each prints both sides and exits 1 while they differ, 0 when they do not; with --same, both sides
// run alike. Where a language cannot express the finding, `absent` says why.
#pragma once

#include <string>

#include "reports/finding.h"

namespace reports {

struct Reproducer {
  std::string text;
  std::string absent;  // why there is no text, or empty
};

Reproducer repro_py(const Finding& finding);
Reproducer repro_cpp(const Finding& finding);

}  // namespace reports
