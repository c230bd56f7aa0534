// WideProgram: a case whose reals are f64 and whose complex numbers are c128, at the same values, to be run
// at points nearby. Derivative: that of its weighed results (cotangents.h) along one direction, by central
// differences of two widths with Richardson's extrapolation, and how far off it may be. Promises: the
// estimate of the error covers truncation, rounding of the sums and a kink of any result at the point itself:
// where the program is not smooth the error says so, and no derivative does.
#pragma once

#include <optional>
#include <vector>

#include "oracles/trial/trial.h"

namespace oracles {

inline bool differentiable(engine::DType dtype) {
  return engine::is_floating(dtype) || engine::is_complex(dtype);
}

// By storage of the case, components as numbers of their own; empty for integers.
using Point = std::vector<std::vector<double>>;

class WideProgram {
 public:
  // The first `calls` calls of the trial's case, and the n-th direction, along which what is constant in
  // `recorded` does not move.
  WideProgram(Trial& trial, size_t calls, size_t direction, const corpora::Path& recorded);

  // One number for each component that moves, between -1 and 1 and never 0.
  const Point& direction() const { return direction_; }
  // No infinity and no NaN among the values that move.
  bool is_at_numbers() const;
  // A value that is not 0 and from which a step of this width may lead to the other side of 0.
  bool passes_zero(double width) const;
  // How far off the direction a step of this width may be for each unit of it, numbers being rounded.
  double rounding(double width) const;
  // A run of the program `step` further along the direction; `path` is direct or grad.
  Outcome run_at(double step, const corpora::Path& path);

 private:
  Trial& trial_;
  corpora::Case wide_;
  Point point_, direction_;
};

struct Derivative {
  double slope = 0;
  double error = 0;  // at most
  double size = 0;   // of the weighed sum's terms, near the point
};
// From steps of up to `width`. Nothing where a nearby run does not return, or gives no finite number.
std::optional<Derivative> derivative_of(WideProgram& program, double width);

// What gradients say of the same direction, and the sum of the terms' sizes; 0 where none arrived.
struct Projected {
  double slope = 0, size = 0;
  bool finite = true;
};
Projected projected(const BackwardOutcome& backward, const Point& direction);

}  // namespace oracles
