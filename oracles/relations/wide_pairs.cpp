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

// Half a unit to one in the last place of a dtype, up or down; steps that differ do not cancel in a
// difference. A number that is smaller than those of the dtype is 0 in it.
double moved(double x, DType dtype, corpora::ChoiceSource& choices) {
  const double unit = ulp_at(dtype, x);
  if (!std::isfinite(x) || !std::isfinite(unit)) return x;
  constexpr uint64_t parts = 16;
  const double step = unit * static_cast<double>(parts + choices.below(parts + 1)) / (2 * parts);
  const double there = choices.chance(1, 2) ? x + step : x - step;
  return std::fabs(x) < unit ? 0 : there;
}

void move_components(DType own, DType narrowest, std::vector<std::byte>& bytes,
                     corpora::ChoiceSource& choices) {
  for (size_t at = 0; at + sizeof(double) <= bytes.size(); at += sizeof(double)) {
    const double x = component_at(DType::f64, bytes.data() + at, 0);
    const DType dtype = std::fabs(x) < largest_of(narrowest) ? narrowest : own;
    store_component(DType::f64, moved(x, dtype, choices), bytes.data() + at);
  }
}

void move_reals(corpora::Value& value, DType narrow, corpora::ChoiceSource& choices) {
  if (value.kind == corpora::ValueKind::real) value.real = moved(value.real, narrow, choices);
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

corpora::Case perturbed(const corpora::Case& c, const corpora::Case& wide, DType narrowest,
                        corpora::ChoiceSource& choices) {
  corpora::Case other = wide;
  const corpora::Image image = corpora::image_of(wide);
  for (size_t s = 0; s < c.storages.size(); ++s) {
    corpora::Storage& storage = other.storages[s];
    if (engine::component_of(storage.dtype) != DType::f64) continue;
    storage.bytes = image.storages[s];
    storage.rule = corpora::FillRule::values;
    storage.rng_seed = 0;
    move_components(engine::component_of(c.storages[s].dtype), narrowest, storage.bytes, choices);
  }
  for (corpora::Call& call : other.calls)
    for (corpora::Value& value : call.arguments) move_reals(value, narrowest, choices);
  return other;
}

}  // namespace oracles
