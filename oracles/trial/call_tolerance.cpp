#include "oracles/trial/call_tolerance.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "oracles/compare/element.h"
#include "oracles/trial/effects.h"

namespace oracles {

namespace {

// Bounds a sum of products by the product of the operands' magnitudes, where each magnitude counts as at
// least 1.
class Operands {
 public:
  explicit Operands(Trial& trial) : trial_(trial) {}

  void add(const corpora::Value& value, bool written) {
    written_ = written;
    add(value);
  }

  double product() const { return product_; }
  double elements() const { return elements_; }
  bool has_complex() const { return complex_; }

  // How many bits of precision a result of this dtype may lose because operands are narrower. If all operands
  // are integers, the operator computes in the default dtype.
  int lost_bits(engine::DType result) const {
    if (engine::is_integral(result) || (narrowest_ == 0 && !integers_)) return 0;
    const int operands = narrowest_ > 0 ? narrowest_ : precision_of(engine::DType::f32);
    return std::max(0, precision_of(result) - operands);
  }

 private:
  void add(const corpora::Value& value) {
    switch (value.kind) {
      case corpora::ValueKind::tensor:
        return add(value.tensor);
      case corpora::ValueKind::integer:
        return factor(static_cast<double>(value.integer));
      case corpora::ValueKind::real:
        return factor(value.real);
      case corpora::ValueKind::complex:
        return factor(std::hypot(value.real, value.imaginary));
      default:
        for (const corpora::Value& element : value.list) add(element);
    }
  }

  void add(const corpora::TensorRef& ref) {
    if (ref.is_input()) {
      const corpora::Input& input = trial_.test_case().inputs[static_cast<size_t>(ref.index)];
      const auto storage = static_cast<size_t>(input.storage);
      elements_ = std::max(elements_, static_cast<double>(engine::element_count(input.sizes)));
      note_dtype(trial_.test_case().storages[storage].dtype);
      return factor(
          largest_magnitude(trial_.test_case().storages[storage].dtype, trial_.image().storages[storage]));
    }
    const auto& calls = trial_.direct().calls;
    if (static_cast<size_t>(ref.call) >= calls.size()) return;
    const TensorSnapshot* tensor = tensor_result(calls[static_cast<size_t>(ref.call)], ref.index);
    if (tensor == nullptr || !tensor->has_values) return;
    elements_ = std::max(elements_, static_cast<double>(engine::element_count(tensor->sizes)));
    note_dtype(tensor->dtype);
    factor(largest_magnitude(tensor->dtype, tensor->values));
  }

  void note_dtype(engine::DType dtype) {
    if (written_) return;
    complex_ = complex_ || engine::is_complex(dtype);
    const int precision = precision_of(dtype);
    integers_ = integers_ || precision == 0;
    if (precision == 0) return;
    narrowest_ = narrowest_ == 0 ? precision : std::min(narrowest_, precision);
  }

  void factor(double x) {
    if (std::isfinite(x)) product_ *= std::max(1.0, std::fabs(x));
  }

  Trial& trial_;
  bool written_ = false;
  bool complex_ = false;
  bool integers_ = false;  // whether an operand is an integer
  int narrowest_ = 0;      // precision of the narrowest floating-point operand that is only read; 0: none
  double product_ = 1, elements_ = 0;
};

double largest_result(const CallOutcome& call) {
  double largest = 0;
  for (const TensorSnapshot* tensor : tensor_results(call))
    if (tensor->has_values) largest = std::max(largest, largest_magnitude(tensor->dtype, tensor->values));
  for (const InputChange& change : call.changes)
    if (change.after.has_values)
      largest = std::max(largest, largest_magnitude(change.after.dtype, change.after.values));
  return largest;
}

struct Error {
  double ulps = 0;      // units in the last place of the result
  double relative = 0;  // t3: relative to the magnitude of the sum
  double depth = 0;     // t3: the number of roundings of the sum
};

Error error_of(const Accuracy& accuracy, const Operands& operands, engine::DType dtype, bool complex) {
  if (engine::is_integral(dtype)) return {};  // compared exactly
  const int precision = precision_of(dtype);
  const int widest = accuracy.computed_in ? precision_of(*accuracy.computed_in) : precision;
  const int held = std::min(precision - operands.lost_bits(dtype), widest);
  const int computed = accuracy.halves_in_f32 && !accuracy.computed_in
                           ? std::max(held, precision_of(engine::DType::f32))
                           : held;
  const auto unit_of = [&](int bits) { return std::ldexp(1.0, precision - bits); };  // in ulps of the result
  const double ulps = complex && accuracy.complex_ulps > 0 ? accuracy.complex_ulps : accuracy.ulps;
  Error error;
  error.ulps = ulps * unit_of(computed);
  if (accuracy.tier <= Tier::t0) return error;
  if (computed > held) error.ulps += unit_of(held) / 2;  // one more rounding
  if (accuracy.tier != Tier::t3) return error;
  constexpr double few_more = 8;  // other roundings: scaling, division by a count, a last addition
  error.depth = accuracy.terms > 0 ? accuracy.terms : operands.elements() + few_more;
  const int summed = accuracy.wide_accumulator && !accuracy.computed_in
                         ? std::max(computed, precision_of(engine::DType::f64))
                         : computed;
  const double ku = error.depth * std::ldexp(1.0, -summed);
  error.relative = ku < 0.5 ? ku / (1 - ku) : std::numeric_limits<double>::infinity();
  return error;
}

}  // namespace

double largest_magnitude(engine::DType dtype, const std::vector<std::byte>& elements) {
  const size_t size = engine::size_of(dtype);
  double largest = 0;
  for (size_t at = 0; at + size <= elements.size(); at += size)
    for (int c = 0; c < components_of(dtype); ++c) {
      const double x = std::fabs(component_at(dtype, elements.data() + at, c));
      if (std::isfinite(x)) largest = std::max(largest, x);
    }
  return largest;
}

Tolerance tolerance_of_call(Trial& trial, int call, engine::DType dtype, const CallOutcome& outcome,
                            const corpora::Path& left, const corpora::Path& right) {
  const corpora::Call& called = trial.test_case().calls[static_cast<size_t>(call)];
  Operands operands(trial);
  const auto& declared = trial.operators()[static_cast<size_t>(call)]->schema.arguments;
  for (size_t i = 0; i < declared.size(); ++i) operands.add(called.arguments[i], declared[i].is_out());
  // A real result of complex operands is computed with complex numbers.
  const bool complex = operands.has_complex() && !engine::is_integral(dtype);
  const engine::DTypeClass of = complex ? engine::DTypeClass::complex : engine::class_of(dtype);
  const double magnitude = std::max(operands.product(), largest_result(outcome));
  Tolerance tolerance;
  for (const corpora::Path* path : {&left, &right}) {
    const Accuracy accuracy = trial.subject().accuracy(called.op, of, *path);
    const Error error = error_of(accuracy, operands, dtype, complex);
    if (tolerance.reason.empty() || accuracy.tier > tolerance.tier) tolerance.reason = accuracy.reason;
    tolerance.tier = std::max(tolerance.tier, accuracy.tier);
    tolerance.ulps += error.ulps;
    // The two sides sum in different orders: the bound of one order is a bound of the difference.
    if (error.depth == 0) continue;
    tolerance.accumulated = std::max(tolerance.accumulated, error.relative * magnitude);
    tolerance.partial_sums = std::max(tolerance.partial_sums, magnitude * error.depth);
  }
  return tolerance;
}

}  // namespace oracles
