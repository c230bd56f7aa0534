#include "oracles/relations/respelling.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "oracles/relations/forms.h"
#include "oracles/trial/effects.h"

namespace oracles {

namespace {

using corpora::Value;
using corpora::ValueKind;
using engine::DType;
using engine::Type;
using engine::TypeKind;

constexpr int32_t kinds = 8;

// Schemas have no type for dimensions. Names only choose what is tried; rejects_outside() decides.
bool may_be_dimension(const engine::Argument& argument) {
  constexpr std::array<std::string_view, 12> names{"dim",   "dim0",  "dim1",      "dims",
                                                   "axis",  "axes",  "start_dim", "end_dim",
                                                   "axis0", "axis1", "source",    "destination"};
  return std::ranges::count(names, argument.name) > 0;
}

const Type& without_optional(const Type& type) {
  return type.kind == TypeKind::optional ? type.element() : type;
}

// Whether `is` holds for each dtype argument of the last call and the dtype of each tensor that it gets: of
// an input or an earlier result.
template <class Property>
bool all_dtypes(Trial& trial, Property&& is) {
  bool all = true;
  for (const Value& value : trial.test_case().calls.back().arguments)
    if (value.kind == ValueKind::dtype) all &= is(value.dtype);
  corpora::for_each_tensor(trial.test_case().calls.back(), [&](const corpora::TensorRef& tensor) {
    if (tensor.is_input()) {
      all &= is(trial.test_case().storage_of(trial.test_case().input_of(tensor)).dtype);
      return;
    }
    const CallOutcome& call = trial.direct().calls[static_cast<size_t>(tensor.call)];
    const TensorSnapshot* result = tensor_result(call, tensor.index);
    all &= result && result->defined && is(result->dtype);
  });
  return all;
}

// The rank of the first tensor argument; of a list, of its first tensor. -1: unknown.
int64_t rank_of_first(Trial& trial) {
  const corpora::Call& call = trial.test_case().calls.back();
  for (const Value& argument : call.arguments) {
    const Value& value =
        argument.kind == ValueKind::list && !argument.list.empty() ? argument.list.front() : argument;
    if (value.kind != ValueKind::tensor) continue;
    if (value.tensor.is_input())
      return static_cast<int64_t>(trial.test_case().input_of(value.tensor).sizes.size());
    const TensorSnapshot* result =
        tensor_result(trial.direct().calls[static_cast<size_t>(value.tensor.call)], value.tensor.index);
    return result && result->defined ? static_cast<int64_t>(result->sizes.size()) : -1;
  }
  return -1;
}

std::optional<Value> other_dimension(const Value& value, int64_t rank) {
  Value other = value;
  if (value.kind == ValueKind::list) {
    if (value.list.empty()) return std::nullopt;
    for (Value& each : other.list) {
      auto turned = other_dimension(each, rank);
      if (!turned) return std::nullopt;
      each = std::move(*turned);
    }
    return other;
  }
  if (value.kind != ValueKind::integer || value.integer < -rank || value.integer >= rank) return std::nullopt;
  other.integer += value.integer < 0 ? rank : -rank;
  return other;
}

bool is_optional_tensor(const Type& type) {
  return type.kind == TypeKind::optional && type.element().kind == TypeKind::tensor;
}

// What None means for an option of a result.
std::optional<Value> stated_option(Trial& trial, const engine::Argument& argument) {
  if (argument.type.kind != TypeKind::optional) return std::nullopt;
  const auto tensors = tensor_results(trial.direct().last());
  if (tensors.size() != 1 || !tensors[0]->defined || tensors[0]->opaque) return std::nullopt;
  switch (argument.type.element().kind) {
    case TypeKind::scalar_type:
      if (!all_dtypes(trial, [](DType dtype) { return !engine::is_complex(dtype); })) return std::nullopt;
      return Value::of_dtype(tensors[0]->dtype);
    case TypeKind::layout:
      return Value::of_word(ValueKind::layout, "strided");
    case TypeKind::device:
      return Value::of_word(ValueKind::device, tensors[0]->device);
    case TypeKind::boolean:
      if (argument.name == "pin_memory") return Value::of_boolean(false);
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

// int[2]: [2] means [2, 2]. Each of the two becomes the other.
std::optional<Value> other_list(const Value& value, const Type& type) {
  const auto size = static_cast<size_t>(type.fixed_size.value_or(0));
  if (type.kind != TypeKind::list || size < 2 || value.kind != ValueKind::list) return std::nullopt;
  if (value.list.size() == 1) return Value::of_list(std::vector<Value>(size, value.list.front()));
  if (value.list.size() != size ||
      std::ranges::count(value.list, value.list.front()) != std::ssize(value.list))
    return std::nullopt;
  return Value::of_list({value.list.front()});
}

std::optional<Value> other_number(const Value& value) {
  constexpr double exact = 1 << 10;  // in every dtype, nearly
  if (value.kind == ValueKind::integer && std::abs(static_cast<double>(value.integer)) <= exact)
    return Value::of_real(static_cast<double>(value.integer));
  if (value.kind == ValueKind::real && std::trunc(value.real) == value.real &&
      std::fabs(value.real) <= exact && !(value.real == 0 && std::signbit(value.real)))
    return Value::of_integer(static_cast<int64_t>(value.real));
  return std::nullopt;
}

std::optional<Respelling> respelling_of(Trial& trial, size_t index) {
  using Kind = Respelling::Kind;
  const engine::Argument& argument = trial.last_operator().schema.arguments[index];
  const Value& value = trial.test_case().calls.back().arguments[index];
  const auto with = [&](Kind kind, std::optional<Value> other) -> std::optional<Respelling> {
    if (!other) return std::nullopt;
    return Respelling{kind, index, std::move(*other)};
  };
  // Another dimension may need an out of other sizes, so that experiments would show nothing.
  if (may_be_dimension(argument) && !trial.last_operator().schema.has_out())
    if (const int64_t rank = rank_of_first(trial); rank > 0)
      return with(Kind::dimension, other_dimension(value, rank));
  if (is_optional_tensor(argument.type)) {
    if (value.kind == ValueKind::none) return with(Kind::undefined, Value::of_undefined());
    if (value.kind == ValueKind::undefined) return with(Kind::undefined, Value::of_none());
  }
  if (value.kind == ValueKind::none) return with(Kind::option, stated_option(trial, argument));
  const Type& type = without_optional(argument.type);
  // An integer among integers is another number than a real one: of another dtype or with other limits.
  if (type.kind == TypeKind::number && rank_of_first(trial) >= 0 &&
      all_dtypes(trial, [](DType dtype) { return !engine::is_integral(dtype); }))
    return with(Kind::number, other_number(value));
  return with(Kind::list, other_list(value, type));
}

int64_t first_dimension(const Value& value) {
  return value.kind == ValueKind::list ? value.list.front().integer : value.integer;
}

// Whether the call returns with the respelling's value, whose first dimension is replaced.
bool returns_with(Trial& trial, Respelling other, int64_t dim, const corpora::Path& journal_path) {
  (other.value.kind == ValueKind::list ? other.value.list.front() : other.value).integer = dim;
  return trial.run(respelled(trial.test_case(), other), {}, journal_path).returned();
}

}  // namespace

int32_t Respelling::form() const {
  return rewriting::spelled + static_cast<int32_t>(argument) * kinds + static_cast<int32_t>(kind);
}

std::vector<Respelling> respellings(Trial& trial) {
  std::vector<Respelling> all;
  for (size_t i = 0; i < trial.test_case().calls.back().arguments.size(); ++i)
    if (auto one = respelling_of(trial, i)) all.push_back(std::move(*one));
  return all;
}

corpora::Case respelled(const corpora::Case& c, const Respelling& respelling) {
  corpora::Case other = c;
  other.calls.back().arguments[respelling.argument] = respelling.value;
  return other;
}

bool is_dimension(Trial& trial, const Respelling& respelling, const corpora::Path& journal_path) {
  const int64_t rank = rank_of_first(trial);
  Respelling as_it_is = respelling;
  as_it_is.value = trial.test_case().calls.back().arguments[respelling.argument];
  const auto accepts = [&](int64_t dim) { return returns_with(trial, as_it_is, dim, journal_path); };
  const bool is_list = as_it_is.value.kind == ValueKind::list;
  constexpr int64_t far = 1000;
  if (accepts(rank) || !(is_list || accepts(rank - 1))) return false;
  return !accepts(-rank - 1) || accepts(-rank - far);
}

bool rejects_that_end(Trial& trial, const Respelling& respelling, const corpora::Path& journal_path) {
  const int64_t rank = rank_of_first(trial);
  const int64_t first = first_dimension(respelling.value) < 0 ? -rank : 0;
  for (int64_t dim = first; dim < first + rank; ++dim)
    if (returns_with(trial, respelling, dim, journal_path)) return false;
  return true;
}

}  // namespace oracles
