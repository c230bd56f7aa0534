#include "corpora/case/draw_arguments.h"

#include <algorithm>
#include <array>
#include <utility>

#include "corpora/case/case_defaults.h"
#include "corpora/case/draw_call.h"
#include "corpora/case/draw_shapes.h"

namespace corpora {
namespace {

using engine::Dims;
using engine::Type;
using engine::TypeKind;

constexpr std::array<int8_t, 16> integers{1, 2, 1, 0, 2, 1, 3, 0, 1, 2, -1, 1, 4, 0, 2, 7};
constexpr std::array<double, 12> reals{1, 0.5, 2, 1, 0.25, 0, 1.5, 0.125, -1, 3, -0.5, 0.75};

Value draw_integer_value(Frame& frame) { return Value::of_integer(frame.choices().pick(integers)); }
Value draw_real_value(Frame& frame) { return Value::of_real(frame.choices().pick(reals)); }

Value draw_word(Frame& frame, ValueKind kind, std::initializer_list<const char*> words) {
  const size_t at = frame.choices().below(words.size());
  return Value::of_word(kind, words.begin()[at]);
}

// In how many of 8 draws an optional argument is present; rarely if it only says how to allocate a result.
uint64_t presence(const Type& type) {
  switch (type.kind) {
    case TypeKind::layout:
    case TypeKind::device:
    case TypeKind::memory_format:
    case TypeKind::boolean:
      return 2;
    case TypeKind::scalar_type:
      return 3;
    case TypeKind::generator:
    case TypeKind::stream:
      return 0;
    default:
      return 4;
  }
}

// A number for the call's dtype.
Value draw_number(Frame& frame) {
  const uint64_t way = frame.choices().below(16);
  if (engine::is_integral(frame.dtype) ? way < 14 : way < 7) return draw_integer_value(frame);
  if (way == 15) return Value::of_boolean(frame.choices().chance(1, 2));
  if (way > 9 && engine::is_complex(frame.dtype)) {
    const double real = frame.choices().pick(reals);
    const double imaginary = frame.choices().pick(reals);
    return Value::of_complex(real, imaginary);
  }
  return draw_real_value(frame);
}

// The length of a list that no domain decides: the declared length, or one that all lists of tensors of the
// call share.
int64_t draw_list_length(Frame& frame, const Type& list) {
  if (list.fixed_size && !frame.choices().chance(1, 16)) return *list.fixed_size;
  const bool tensors = engine::holds_tensor(list);
  if (tensors && frame.list_length > 0) return frame.list_length;
  static constexpr std::array<int8_t, 8> lengths{2, 2, 1, 3, 2, 1, 3, 4};
  const int64_t drawn = frame.choices().pick(lengths);
  const int64_t length = std::max(drawn, static_cast<int64_t>(min_elements(list)));
  if (tensors) frame.list_length = length;
  return length;
}

template <class Draw>
Value list_of(int64_t length, Draw&& draw) {
  std::vector<Value> elements;
  for (int64_t i = 0; i < length; ++i) elements.push_back(draw());
  return Value::of_list(std::move(elements));
}

// One number, or a list of them if the type is a list.
template <class One>
Value numbers(Frame& frame, const Type& type, One&& one) {
  if (type.kind != TypeKind::list) return one(type);
  return list_of(draw_list_length(frame, type), [&] { return one(type.element()); });
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
  return list_of(length, [&] { return draw_from_spec(frame, spec.parts[1], list.element(), use, argument); });
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
  return Value::of_dtype(spec.dtypes == 0 ? frame.dtype
                                          : draw_dtype(frame.draft.catalog, frame.choices(), spec.dtypes));
}

}  // namespace

Value draw_from_spec(Frame& frame, const Spec& spec, const Type& declared, Use use, size_t argument) {
  using Kind = Spec::Kind;
  const Type& type = is_optional(declared) ? declared.element() : declared;
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

Value draw_by_type(Frame& frame, const Type& type, Use use, size_t argument) {
  switch (type.kind) {
    case TypeKind::tensor:
    case TypeKind::storage:
    case TypeKind::any:
    case TypeKind::variable:
      return draw_common_tensor(frame, use, argument);
    case TypeKind::integer:
    case TypeKind::sym_int:
      return draw_integer_value(frame);
    case TypeKind::real:
      return draw_real_value(frame);
    case TypeKind::boolean:
      return Value::of_boolean(frame.choices().chance(1, 2));
    case TypeKind::complex:
    case TypeKind::number:
      return draw_number(frame);
    case TypeKind::string:
      return draw_word(frame, ValueKind::string, {"mean", "sum", "none", ""});
    case TypeKind::dimname:
      return draw_word(frame, ValueKind::string, {"A", "B", "*"});
    case TypeKind::scalar_type: {
      const bool own = frame.choices().chance(1, 2);
      return Value::of_dtype(own ? frame.dtype : draw_dtype(frame.draft.catalog, frame.choices()));
    }
    case TypeKind::layout:
      return draw_word(frame, ValueKind::layout, {"strided"});
    case TypeKind::memory_format:
      return draw_word(frame, ValueKind::memory_format,
                       {"contiguous", "preserve", "preserve", "channels_last", "channels_last_3d"});
    case TypeKind::device:
      return draw_word(frame, ValueKind::device, {"cpu"});
    case TypeKind::qscheme:
      return Value::of_integer(frame.choices().between(0, 1));
    case TypeKind::optional: {
      const uint64_t present = presence(type.element());
      if (present == 0 || !frame.choices().chance(present, 8)) return Value::of_none();
      return draw_by_type(frame, type.element(), use, argument);
    }
    case TypeKind::list:
      return list_of(draw_list_length(frame, type),
                     [&] { return draw_by_type(frame, type.element(), use, argument); });
    default:
      return Value::of_none();
  }
}

}  // namespace corpora
