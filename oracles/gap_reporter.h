// GapReporter: a subject that knows which kernels and formulas the authors of its operators may still write.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "oracles/subject.h"

namespace oracles {

// What an operator does not have. Subjects report kernels and formulas, runs whether a call was accepted.
enum class Gap : uint8_t { cpu_kernel, meta_kernel, autograd_formula, accepted_call };

struct OperatorGap {
  Gap what = Gap::cpu_kernel;
  std::string write, write_python;  // the line that adds it, in C++ and in Python; empty: there is none

  bool operator==(const OperatorGap&) const = default;
};

class GapReporter {
 public:
  virtual ~GapReporter() = default;
  // Of an operator of the catalog. A backend fallback is neither a kernel nor a formula.
  virtual std::vector<OperatorGap> gaps(std::string_view op) const = 0;
};

// Nothing if the subject is not a GapReporter.
inline std::vector<OperatorGap> gaps_of(const Subject& subject, std::string_view op) {
  const auto* reporter = dynamic_cast<const GapReporter*>(&subject);
  return reporter ? reporter->gaps(op) : std::vector<OperatorGap>();
}

}  // namespace oracles
