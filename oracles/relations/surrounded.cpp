#include "oracles/relations/surrounded.h"

#include <algorithm>

namespace oracles {

namespace {

using corpora::Value;

// Doubling real numbers and integers is exact, or overflows alike in any order. Graphs of PyTorch cannot
// double the dtypes that 2.x added.
bool can_double(engine::DType dtype) {
  using enum engine::DType;
  return dtype != b8 && dtype != u16 && dtype != u32 && dtype != u64 && !engine::is_complex(dtype) &&
         engine::class_of(dtype) != engine::DTypeClass::float8;
}

corpora::Call doubling(Value tensor) {
  return {"aten::mul.Scalar", {}, {std::move(tensor), Value::of_integer(2)}};
}

// The tensors before the first list.
void for_each_leading_tensor(const CallOutcome& call, const auto& visit) {
  int32_t place = 0;
  for (const Result& result : call.results) {
    if (result.kind == Result::Kind::list) break;
    if (result.kind != Result::Kind::tensor) continue;
    if (result.tensor.defined && !result.tensor.opaque && can_double(result.tensor.dtype)) visit(place);
    ++place;
  }
}

}  // namespace

std::optional<Surrounded> surrounded(const corpora::Case& c, const std::vector<TensorUse>& uses,
                                     const Outcome& direct, bool through_aliases) {
  if (!direct.returned()) return std::nullopt;
  Surrounded made{c, static_cast<int>(c.calls.size()) - 1};
  std::vector<corpora::Call>& calls = made.program.calls;
  corpora::Call last = std::move(calls.back());
  calls.pop_back();
  std::vector<int32_t> inputs, doubled;
  corpora::for_each_tensor(last, [&](const corpora::TensorRef& ref) {
    if (ref.is_input() && std::ranges::count(inputs, ref.index) == 0) inputs.push_back(ref.index);
  });
  const auto next = [&] { return static_cast<int32_t>(calls.size()); };
  for (const int32_t input : inputs) {
    const Value tensor = Value::of_input(input);
    if (can_double(c.storage_of(c.inputs[static_cast<size_t>(input)]).dtype)) {
      doubled.push_back(next());
      calls.push_back(doubling(tensor));
    }
    const bool is_written = std::ranges::any_of(uses, [&](const TensorUse& use) {
      return use.written && use.call == made.last && use.tensor == tensor.tensor;
    });
    if (is_written || !through_aliases) continue;
    corpora::for_each_tensor(last, [&](corpora::TensorRef& ref) {
      if (ref == tensor.tensor) ref = Value::of_result(next(), 0).tensor;
    });
    calls.push_back({"aten::alias", {}, {tensor}});
  }
  const int32_t middle = next();
  calls.push_back(last);
  for (const int32_t call : doubled) calls.push_back(doubling(Value::of_result(call, 0)));
  for_each_leading_tensor(direct.last(),
                          [&](int32_t place) { calls.push_back(doubling(Value::of_result(middle, place))); });
  return made;
}

}  // namespace oracles
