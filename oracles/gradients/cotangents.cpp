#include "oracles/gradients/cotangents.h"

#include <algorithm>

#include "corpora/case/choice_source.h"
#include "oracles/compare/element.h"
#include "oracles/trial/effects.h"

namespace oracles {

bool is_differentiable(engine::DType dtype) { return !engine::is_integral(dtype); }

std::vector<double> cotangent(size_t call, size_t result, size_t components) {
  constexpr uint64_t stream = 0x636f74616e67656e;  // "cotangen"
  corpora::PhiloxChoices choices(stream, call, result);
  std::vector<double> numbers(components);
  for (double& number : numbers) {
    const uint64_t draw = choices.below(32);
    const uint64_t sixteenths = draw / 2 + 1;
    number = (draw % 2 == 0 ? 1.0 : -1.0) * static_cast<double>(sixteenths) / 16;
  }
  if (is_expanded(components)) std::ranges::fill(numbers, numbers[0]);
  return numbers;
}

std::vector<double> gradient_weights(size_t storage, size_t components) {
  constexpr size_t no_call = SIZE_MAX / 2;  // neither a call nor a direction
  return cotangent(no_call, storage, components);
}

std::vector<double> numbers_of(engine::DType dtype, const std::vector<std::byte>& elements) {
  std::vector<double> numbers;
  const size_t width = engine::size_of(dtype);
  for (size_t at = 0; at + width <= elements.size(); at += width)
    for (int c = 0; c < components_of(dtype); ++c)
      numbers.push_back(component_at(dtype, elements.data() + at, c));
  return numbers;
}

std::vector<double> numbers_of(const TensorSnapshot& tensor) {
  if (!tensor.has_values || !is_differentiable(tensor.dtype)) return {};
  return numbers_of(tensor.dtype, tensor.values);
}

std::vector<double> weighted_terms(const Outcome& outcome, const Counts& counts) {
  std::vector<double> terms;
  for (size_t call = 0; call < outcome.calls.size(); ++call) {
    const std::vector<const TensorSnapshot*> results = tensor_results(outcome.calls[call]);
    for (size_t k = 0; k < results.size(); ++k) {
      if (counts && !counts(call, k)) continue;
      const std::vector<double> components = numbers_of(*results[k]);
      const std::vector<double> weights = cotangent(call, k, components.size());
      for (size_t i = 0; i < components.size(); ++i) terms.push_back(weights[i] * components[i]);
    }
  }
  return terms;
}

}  // namespace oracles
