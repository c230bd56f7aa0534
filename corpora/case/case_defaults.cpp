#include "corpora/case/case_defaults.h"

#include <array>
#include <string_view>
#include <utility>

namespace corpora {
namespace {

using engine::DType;
using engine::Literal;
using engine::Type;
using engine::TypeKind;

// Numbers that PyTorch gives to its scalar types, layouts and memory formats, as schemas print them.
constexpr std::array<std::pair<int64_t, DType>, 12> numbered_dtypes{{{0, DType::u8},
                                                                     {1, DType::i8},
                                                                     {2, DType::i16},
                                                                     {3, DType::i32},
                                                                     {4, DType::i64},
                                                                     {5, DType::f16},
                                                                     {6, DType::f32},
                                                                     {7, DType::f64},
                                                                     {9, DType::c64},
                                                                     {10, DType::c128},
                                                                     {11, DType::b8},
                                                                     {15, DType::bf16}}};
constexpr std::array<std::pair<std::string_view, DType>, 12> named_dtypes{{{"uint8", DType::u8},
                                                                           {"int8", DType::i8},
                                                                           {"short", DType::i16},
                                                                           {"int", DType::i32},
                                                                           {"long", DType::i64},
                                                                           {"half", DType::f16},
                                                                           {"float", DType::f32},
                                                                           {"double", DType::f64},
                                                                           {"complex64", DType::c64},
                                                                           {"complex128", DType::c128},
                                                                           {"bool", DType::b8},
                                                                           {"bfloat16", DType::bf16}}};
constexpr std::array<std::string_view, 6> layouts{"strided", "sparse",     "sparse_csr",
                                                  "mkldnn",  "sparse_csc", "sparse_bsr"};
constexpr std::array<std::string_view, 4> memory_formats{"contiguous", "preserve", "channels_last",
                                                         "channels_last_3d"};

Value dtype_value(const Literal& literal) {
  for (const auto& [name, dtype] : named_dtypes)
    if (!literal.text.empty() && name == literal.text) return Value::of_dtype(dtype);
  for (const auto& [number, dtype] : numbered_dtypes)
    if (number == literal.integer) return Value::of_dtype(dtype);
  return Value::of_none();
}

template <size_t count>
Value word_value(ValueKind kind, const std::array<std::string_view, count>& words, const Literal& literal) {
  if (!literal.text.empty()) {
    std::string_view text = literal.text;
    constexpr std::string_view suffix = "_format";
    if (kind == ValueKind::memory_format && text.ends_with(suffix)) text.remove_suffix(suffix.size());
    return Value::of_word(kind, std::string(text));
  }
  if (literal.integer < 0 || static_cast<size_t>(literal.integer) >= count) return Value::of_none();
  return Value::of_word(kind, std::string(words[static_cast<size_t>(literal.integer)]));
}

Value list_value(const Literal& literal, const Type& type) {
  std::vector<Value> elements;
  if (literal.kind == Literal::Kind::list) {
    for (const Literal& element : literal.list) elements.push_back(value_of(element, type.element()));
  } else {
    elements.resize(static_cast<size_t>(type.fixed_size.value_or(1)), value_of(literal, type.element()));
  }
  return Value::of_list(std::move(elements));
}

Value plain_value(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::integer:
      return Value::of_integer(literal.integer);
    case Literal::Kind::real:
      return Value::of_real(literal.real);
    case Literal::Kind::boolean:
      return Value::of_boolean(literal.integer != 0);
    case Literal::Kind::complex:
      return Value::of_complex(0, literal.real);
    case Literal::Kind::string:
      return Value::of_string(literal.text);
    default:
      return Value::of_none();
  }
}

}  // namespace

bool is_optional(const Type& type) { return type.kind == TypeKind::optional; }

size_t fewest_elements(const Type& type) {
  const int64_t size = (is_optional(type) ? type.element() : type).fixed_size.value_or(0);
  return size > 1 ? static_cast<size_t>(size) : 0;
}

Value value_of(const Literal& literal, const Type& type) {
  if (literal.kind == Literal::Kind::none) return Value::of_none();
  switch (type.kind) {
    case TypeKind::optional:
      return value_of(literal, type.element());
    case TypeKind::list:
      return list_value(literal, type);
    case TypeKind::scalar_type:
      return dtype_value(literal);
    case TypeKind::layout:
      return word_value(ValueKind::layout, layouts, literal);
    case TypeKind::memory_format:
      return word_value(ValueKind::memory_format, memory_formats, literal);
    case TypeKind::device:
      return Value::of_word(ValueKind::device, literal.text.empty() ? "cpu" : literal.text);
    default:
      return plain_value(literal);
  }
}

std::optional<Value> default_of(const engine::Argument& argument) {
  if (argument.default_value) return value_of(*argument.default_value, argument.type);
  if (is_optional(argument.type)) return Value::of_none();
  return std::nullopt;
}

}  // namespace corpora
