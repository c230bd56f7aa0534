#include "corpora/case/draw_values.h"

#include <algorithm>
#include <array>
#include <utility>

#include "corpora/case/case_defaults.h"

namespace corpora {
namespace {

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

Value draw_list(Frame& frame, const Type& type, Use use, size_t argument) {
  const int64_t length = draw_list_length(frame, type);
  std::vector<Value> elements;
  elements.reserve(static_cast<size_t>(length));
  for (int64_t i = 0; i < length; ++i) elements.push_back(draw_by_type(frame, type.element(), use, argument));
  return Value::of_list(std::move(elements));
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

}  // namespace

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
      return Value::of_dtype(own ? frame.dtype : draw_dtype(frame.choices(), 0));
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
      return draw_list(frame, type, use, argument);
    default:
      return Value::of_none();
  }
}

}  // namespace corpora
