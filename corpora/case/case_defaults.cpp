#include "corpora/case/case_defaults.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <string_view>

#include "corpora/case/text_cursor.h"

namespace corpora {
namespace {

using engine::DType;
using engine::Literal;
using engine::Type;
using engine::TypeKind;

// In the order of PyTorch's enumerators, which schemas print as numbers.
constexpr std::array<std::string_view, 6> layouts{"strided", "sparse",     "sparse_csr",
                                                  "mkldnn",  "sparse_csc", "sparse_bsr"};
constexpr std::array<std::string_view, 4> memory_formats{"contiguous", "preserve", "channels_last",
                                                         "channels_last_3d"};

// Schemas name a dtype as Python does ("uint8") or by its C++ name in lower case ("long").
bool is_name_of(DType dtype, std::string_view name) {
  const engine::DTypeTraits& traits = engine::traits_of(dtype);
  return name == traits.python_name || std::ranges::equal(name, traits.cpp_name, [](char a, char b) {
           return a == (is_upper(b) ? static_cast<char>(b - 'A' + 'a') : b);
         });
}

Value dtype_value(const Literal& literal) {
  for (const DType dtype : engine::all_dtypes)
    if (is_name_of(dtype, literal.text)) return Value::of_dtype(dtype);
  const std::optional<DType> numbered = engine::dtype_numbered(literal.integer);
  return numbered ? Value::of_dtype(*numbered) : Value::of_none();
}

Value word_value(ValueKind kind, std::span<const std::string_view> words, const Literal& literal) {
  if (!literal.text.empty()) {
    std::string_view text = literal.text;
    constexpr std::string_view suffix = "_format";
    if (kind == ValueKind::memory_format && text.ends_with(suffix)) text.remove_suffix(suffix.size());
    return Value::of_word(kind, std::string(text));
  }
  if (literal.integer < 0 || static_cast<size_t>(literal.integer) >= words.size()) return Value::of_none();
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

size_t min_elements(const Type& type) {
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
