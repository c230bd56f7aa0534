#include "corpora/case/draw_specs.h"

#include <algorithm>
#include <utility>

#include "corpora/case/case_defaults.h"
#include "corpora/case/draw_call.h"
#include "corpora/case/draw_shapes.h"
#include "corpora/case/draw_values.h"

namespace corpora {
namespace {

using engine::Dims;
using engine::Type;
using engine::TypeKind;

const Type& without_optional(const Type& type) { return is_optional(type) ? type.element() : type; }

// One number, or a list of them if the type is a list.
template <class One>
Value numbers(Frame& frame, const Type& type, One&& one) {
  if (type.kind != TypeKind::list) return one(type);
  std::vector<Value> elements;
  const int64_t length = draw_list_length(frame, type);
  for (int64_t i = 0; i < length; ++i) elements.push_back(one(type.element()));
  return Value::of_list(std::move(elements));
}

Value integer_as(int64_t number, const Type& type) {
  return type.kind == TypeKind::real ? Value::of_real(static_cast<double>(number))
                                     : Value::of_integer(number);
}

// One of 17 numbers in equal steps. The ends have few bits, so that every step is exact.
double draw_real(ChoiceSource& choices, const Spec& spec) {
  if (spec.real_low == spec.real_high) return spec.real_low;
  const auto step = static_cast<double>(choices.below(17));
  return spec.real_low + (spec.real_high - spec.real_low) * step / 16;
}

Value word_for(const std::string& word, const Type& type) {
  switch (type.kind) {
    case TypeKind::layout:
      return Value::of_word(ValueKind::layout, word);
    case TypeKind::memory_format:
      return Value::of_word(ValueKind::memory_format, word);
    case TypeKind::device:
      return Value::of_word(ValueKind::device, word);
    default:
      return Value::of_string(word);
  }
}

Value absent(const Type& type) {
  return is_optional(type) || type.kind != TypeKind::tensor ? Value::of_none() : Value::of_undefined();
}

Value sequence(Frame& frame, const Spec& spec, const Type& list, Use use, size_t argument) {
  std::vector<Value> elements;
  for (const Spec& part : spec.parts)
    elements.push_back(draw_from_spec(frame, part, list.element(), use, argument));
  return Value::of_list(std::move(elements));
}

Value repeated(Frame& frame, const Spec& spec, const Type& list, Use use, size_t argument) {
  const int64_t length = std::clamp<int64_t>(draw_integer(frame, spec.parts[0]), 0, 64);
  std::vector<Value> elements;
  for (int64_t i = 0; i < length; ++i)
    elements.push_back(draw_from_spec(frame, spec.parts[1], list.element(), use, argument));
  return Value::of_list(std::move(elements));
}

// A result of an earlier call; a common tensor if there is no such operator or there are too many calls.
Value earlier_result(Frame& frame, const Spec& spec, Use use, size_t argument) {
  Draft& draft = frame.draft;
  const Operator* op = draft.catalog.find(spec.op);
  if (!op || static_cast<int>(draft.made.calls.size()) + 1 >= draft.limits.calls_max)
    return draw_common_tensor(frame, use, argument);
  const size_t inputs_before = draft.made.inputs.size();
  const auto spare = static_cast<int>(frame.schema.arguments.size());
  const GivenArguments given{frame, spec.assignments};
  const int32_t call = draw_call(draft, *op, &given);
  if (draft.made.inputs.size() > inputs_before) {  // the result often has the sizes of the first input
    frame.tensors[argument] = draft.made.inputs[inputs_before].sizes;
    if (frame.first_tensor == spare || frame.first_tensor < 0)
      frame.first_tensor = static_cast<int>(argument);
  }
  return Value::of_result(call, spec.output);
}

Value dimensions(Frame& frame, const Spec& spec, const Type& type) {
  const size_t rank = shape_of_dims(frame, spec).size();
  const bool one = type.kind != TypeKind::list;
  if (spec.kind == Spec::Kind::dim) {
    const int64_t dim = draw_dim(frame.choices(), rank);
    return one ? Value::of_integer(dim) : Value::of_integers({dim});
  }
  const Dims dims = spec.kind == Spec::Kind::dims ? draw_dims(frame.choices(), rank)
                                                  : draw_permutation(frame.choices(), rank);
  if (one) return Value::of_integer(dims.empty() ? 0 : dims.front());
  return Value::of_integers(dims);
}

Value preset_or_drawn(Frame& frame, const Type& type, Use use, size_t argument) {
  if (argument < frame.schema.arguments.size())
    if (std::optional<Value> preset = default_of(frame.schema.arguments[argument])) return std::move(*preset);
  return draw_by_type(frame, type, use, argument);
}

Value draw_dtype_value(Frame& frame, const Spec& spec) {
  return Value::of_dtype(spec.dtypes == 0 ? frame.dtype : draw_dtype(frame.choices(), spec.dtypes));
}

}  // namespace

Value draw_from_spec(Frame& frame, const Spec& spec, const Type& declared, Use use, size_t argument) {
  using Kind = Spec::Kind;
  const Type& type = without_optional(declared);
  switch (spec.kind) {
    case Kind::one_of: {
      const Spec& chosen = frame.choices().pick(spec.parts);
      return draw_from_spec(frame, chosen, declared, use, argument);
    }
    case Kind::maybe:
      if (frame.choices().chance(1, 2)) return absent(declared);
      return draw_from_spec(frame, spec.parts[0], declared, use, argument);
    case Kind::any:
      return draw_by_type(frame, declared, use, argument);
    case Kind::absent:
      return absent(declared);
    case Kind::undefined:
      return Value::of_undefined();
    case Kind::preset:
      return preset_or_drawn(frame, declared, use, argument);
    case Kind::boolean:
      return Value::of_boolean(frame.choices().chance(1, 2));
    case Kind::literal:
      return spec.value.kind == ValueKind::string ? word_for(spec.value.text, type) : spec.value;
    case Kind::integers:
      return numbers(frame, type,
                     [&](const Type& one) { return integer_as(draw_integer(frame, spec), one); });
    case Kind::reals:
      return numbers(frame, type,
                     [&](const Type&) { return Value::of_real(draw_real(frame.choices(), spec)); });
    case Kind::tensor:
      return draw_tensor(frame, *spec.tensor, use, argument);
    case Kind::sequence:
      return sequence(frame, spec, type, use, argument);
    case Kind::repeated:
      return repeated(frame, spec, type, use, argument);
    case Kind::sizes:
      return Value::of_integers(shape_of(frame, spec.shape));
    case Kind::dim:
    case Kind::dims:
    case Kind::permutation:
      return dimensions(frame, spec, type);
    case Kind::dtype:
      return draw_dtype_value(frame, spec);
    case Kind::result:
      return earlier_result(frame, spec, use, argument);
  }
  return Value::of_none();
}

}  // namespace corpora
