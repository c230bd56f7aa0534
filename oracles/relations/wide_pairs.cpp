#include "oracles/relations/wide_pairs.h"

#include <cmath>

#include "oracles/compare/element.h"
#include "oracles/compare/element_bytes.h"

namespace oracles {

namespace {

using engine::DType;

class Pairing {
 public:
  void results(const std::vector<Result>& left, const std::vector<Result>& right) {
    if (left.size() != right.size()) return cannot("the number of results depends on the dtype");
    for (size_t i = 0; i < left.size(); ++i)
      result(left[i], right[i], {Part::result, static_cast<int32_t>(i)});
  }

  void changes(const std::vector<InputChange>& left, const std::vector<InputChange>& right) {
    for (const InputChange& one : left)
      for (const InputChange& other : right)
        if (one.input == other.input) tensor(one.after, other.after, {Part::input, one.input});
  }

  WidePairs take() { return std::move(made_); }

 private:
  void cannot(const char* why) {
    if (made_.why.empty()) made_.why = why;
  }

  void result(const Result& left, const Result& right, const Place& place) {
    if (left.kind != right.kind || left.list.size() != right.list.size())
      return cannot("the number of results depends on the dtype");
    if (left.kind == Result::Kind::plain) {
      if (!(left.plain == right.plain)) cannot("a result that is not a tensor depends on the dtype");
    } else if (left.kind == Result::Kind::tensor) {
      tensor(left.tensor, right.tensor, place);
    } else {
      for (size_t i = 0; i < left.list.size(); ++i)
        result(left.list[i], right.list[i], {place.part, place.index, static_cast<int32_t>(i)});
    }
  }

  void tensor(const TensorSnapshot& left, const TensorSnapshot& right, const Place& place) {
    if (left.defined != right.defined) return cannot("the number of results depends on the dtype");
    if (left.sizes != right.sizes) return cannot("sizes depend on values that are rounded differently");
    if (!left.has_values || !right.has_values) return;
    const bool integral = engine::is_integral(left.dtype);
    if (right.dtype != wide_dtype(left.dtype).value_or(left.dtype))
      return cannot("the result has another class of dtype in f64");
    if (integral && left.values != right.values) return cannot("integers depend on rounding");
    if (integral) return;
    made_.exact = made_.exact && right.values == converted(left.values, left.dtype, right.dtype);
    if (right.dtype == left.dtype) return;
    made_.pairs.push_back({&left, &right, place});
    made_.equal = made_.equal && left.values == converted(right.values, right.dtype, left.dtype);
  }

  WidePairs made_;
};

// Moves each component by one unit in the last place of the narrow dtype.
void move_components(DType narrow, DType wide, std::vector<std::byte>& bytes,
                     corpora::ChoiceSource& choices) {
  const size_t size = engine::size_of(engine::component_of(wide));
  const DType component = engine::component_of(wide);
  for (size_t at = 0; at + size <= bytes.size(); at += size) {
    const double x = component_at(component, bytes.data() + at, 0);
    if (!std::isfinite(x)) continue;
    const double step = ulp_at(narrow, x);
    store_component(component, choices.chance(1, 2) ? x + step : x - step, bytes.data() + at);
  }
}

// A number that is smaller than those of the dtype is 0 in it.
void move_reals(corpora::Value& value, DType narrow, corpora::ChoiceSource& choices) {
  const double step = ulp_at(narrow, value.real);
  if (value.kind == corpora::ValueKind::real && std::isfinite(value.real) && std::isfinite(step)) {
    const double moved = value.real + (choices.chance(1, 2) ? step : -step);
    value.real = std::fabs(value.real) < step ? 0 : moved;
  }
  for (corpora::Value& element : value.list) move_reals(element, narrow, choices);
}

}  // namespace

WidePairs wide_pairs(const CallOutcome& left, const CallOutcome& right) {
  Pairing pairing;
  pairing.results(left.results, right.results);
  pairing.changes(left.changes, right.changes);
  return pairing.take();
}

std::vector<double> components_in(const TensorSnapshot& tensor) {
  const DType component = engine::component_of(tensor.dtype);
  const size_t size = engine::size_of(component);
  std::vector<double> all;
  all.reserve(tensor.values.size() / size);
  for (size_t at = 0; at + size <= tensor.values.size(); at += size)
    all.push_back(component_at(component, tensor.values.data() + at, 0));
  return all;
}

corpora::Case perturbed(const corpora::Case& c, const corpora::Case& wide, corpora::ChoiceSource& choices) {
  corpora::Case moved = wide;
  DType narrowest = DType::f64;
  for (size_t s = 0; s < c.storages.size(); ++s) {
    const DType narrow = c.storages[s].dtype;
    if (!wide_dtype(narrow)) continue;
    if (precision_of(narrow) < precision_of(narrowest)) narrowest = engine::component_of(narrow);
    move_components(narrow, moved.storages[s].dtype, moved.storages[s].bytes, choices);
  }
  for (corpora::Call& call : moved.calls)
    for (corpora::Value& value : call.arguments) move_reals(value, narrowest, choices);
  return moved;
}

}  // namespace oracles
