// WideProgram: a case with the same values whose real numbers are f64 and whose complex numbers are c128,
// unless its operators take no such numbers, which can be run at nearby points. Derivative: the derivative of
// its weighted results (cotangents.h) along one direction, by central differences of two widths with
// Richardson extrapolation, and an estimate of its error. Promises: the estimate covers truncation, rounding
// of the sums and a kink of any result at the point.
#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

#include "oracles/gradients/cotangents.h"
#include "oracles/trial/trial.h"

namespace oracles {

// By storage of the case: one number for each component; empty for integers.
using Point = std::vector<std::vector<double>>;
// Makes the dtypes among the arguments of a call f64 or c128.
void widen_dtypes(corpora::Call& call);
// The n-th direction in which a storage moves.
std::vector<double> direction_in(size_t n, size_t storage, size_t components);

class WideProgram {
 public:
  // The first `calls` calls of the trial's case, and the n-th direction, `direction`. Storages that are
  // constant in `recorded` do not move. `epsilon` is that of the format that the program computes in. Without
  // `widens` the program keeps its dtypes.
  WideProgram(Trial& trial, size_t calls, size_t direction, const corpora::Path& recorded,
              double epsilon = std::numeric_limits<double>::epsilon(), bool widens = true);

  // The storage does not move.
  void hold(size_t storage) { std::ranges::fill(direction_[storage], 0.0); }
  // Which results have a weight; all, unless this is called.
  void count(Counts counts) { counts_ = std::move(counts); }
  // The sum is of the weighted gradients of a recorded run (gradient_weights), not of its results.
  void differentiate_gradients() { of_gradients_ = true; }
  std::vector<double> terms(const Outcome& outcome) const;

  // For components that move: numbers between -1 and 1, never 0.
  const Point& direction() const { return direction_; }
  Point& direction() { return direction_; }
  // Whether no value is an infinity or NaN.
  bool is_finite() const;
  // Whether a step of this width may move a value other than 0 to the other side of 0.
  bool passes_zero(double width) const;
  // Moves the point a little, each component by another drawn number.
  void move_point();
  double epsilon() const { return epsilon_; }
  // The rounding error of a step of this width, relative to the step. A number that a call is given may
  // absorb the step as an element may.
  double rounding(double width) const;
  // Runs the program `step` further along the direction.
  Outcome run_at(double step, const corpora::Path& path);

 private:
  Trial& trial_;
  corpora::Case wide_;
  Point point_, direction_;
  Counts counts_;
  double epsilon_;
  bool of_gradients_ = false;
};

struct Derivative {
  double slope = 0;
  double error = 0;  // an upper bound
  double size = 0;   // the sum of the magnitudes of the terms, near the point
};
// From steps of up to `width` along `path`. Empty if a nearby run does not return or is not finite.
std::optional<Derivative> derivative_of(WideProgram& program, double width, const corpora::Path& path = {});

// Whether the slopes along parts of the direction are smooth and add up to the slope along all of it, as
// those of a differentiable program do. The median of equal numbers has slopes that do not.
bool slopes_add_up(const WideProgram& program, double width, const corpora::Path& path = {});

// The gradients along the same direction, and the sum of the magnitudes of the terms, of each pass: a subject
// may run backwards several times, and returns the gradients of all storages once for each pass.
struct Projected {
  double slope = 0, size = 0;
  bool finite = true;
};
std::vector<Projected> projected(const BackwardOutcome& backward, const Point& direction);

}  // namespace oracles
