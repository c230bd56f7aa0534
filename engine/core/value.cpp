#include "engine/core/value.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace engine {

std::string_view name_of(ValueTag tag) {
  constexpr std::array<std::string_view, 18> names{
      "NoneType", "bool", "int",   "float",   "Device", "ScalarType", "Tensor",    "Generator", "Storage",
      "complex",  "str",  "int[]", "float[]", "bool[]", "Tensor[]",   "Tensor?[]", "list",      "SymInt"};
  return names[static_cast<size_t>(tag)];
}

Value::Value(std::vector<Value> list) : Value(ValueTag::values, shared(std::move(list))) {}

Value::Value(const Scalar& scalar) {
  switch (scalar.kind()) {
    case Scalar::Kind::boolean:
      *this = Value(scalar.to_boolean());
      break;
    case Scalar::Kind::integer:
      *this = Value(scalar.to_integer());
      break;
    case Scalar::Kind::real:
      *this = Value(scalar.to_real());
      break;
    case Scalar::Kind::complex:
      *this = Value(scalar.to_complex());
      break;
  }
}

Value::Value(const SymInt& number) {
  if (number.is_symbol())
    *this = Value(ValueTag::symbol, Block(number.node()));
  else
    *this = Value(number.hint());
}

Value::Value(const SymDims& list) {
  if (std::ranges::none_of(list, &SymInt::is_symbol)) {
    Dims numbers;
    for (const SymInt& each : list) numbers.push_back(each.hint());
    *this = Value(std::move(numbers));
    return;
  }
  std::vector<Value> values;
  for (const SymInt& each : list) values.emplace_back(each);
  *this = Value(std::move(values));
}

bool Value::has_symbols() const {
  if (is(ValueTag::symbol)) return true;
  return is(ValueTag::values) && std::ranges::any_of(values(), &Value::has_symbols);
}

SymInt Value::sym_int() const {
  if (!is(ValueTag::symbol)) return integer();
  return SymInt(Intrusive<SymNode>(static_cast<SymNode*>(held<Block>(ValueTag::symbol).get())));
}

SymDims Value::sym_ints() const {
  SymDims list;
  if (is(ValueTag::values))
    for (const Value& each : values()) list.push_back(each.sym_int());
  else
    for (const int64_t each : integers()) list.emplace_back(each);
  return list;
}

int64_t Value::specialized(ValueTag wanted) const {
  if (!is(ValueTag::symbol)) refuse(tag_, wanted);
  const auto& node = static_cast<const SymNode&>(*held<Block>(ValueTag::symbol));
  if (node.is_boolean() != (wanted == ValueTag::boolean)) refuse(tag_, wanted);
  return node.specialized();
}

void Value::share_block(Payload payload) { share_as<Block>(payload); }

void Value::drop_block(Payload payload) { payload.as<Block>().~Block(); }

void Value::refuse(ValueTag found, ValueTag expected) {
  throw Error(fmt::format("expected a value of type {}, found {}", name_of(expected), name_of(found)),
              ErrorKind::type);
}

bool Value::is_number() const {
  return is(ValueTag::integer) || is(ValueTag::real) || is(ValueTag::boolean) || is(ValueTag::complex);
}

double Value::real() const {
  if (is(ValueTag::integer)) return static_cast<double>(integer());
  return held<double>(ValueTag::real);
}

std::complex<double> Value::complex() const {
  if (is(ValueTag::integer) || is(ValueTag::real)) return real();
  return block<std::complex<double>>(ValueTag::complex);
}

Scalar Value::scalar() const {
  switch (tag_) {
    case ValueTag::boolean:
      return boolean();
    case ValueTag::real:
      return real();
    case ValueTag::complex:
      return complex();
    default:
      return integer();
  }
}

KeySet Value::other_keys() const {
  KeySet keys;
  switch (tag_) {
    case ValueTag::generator:
      return generator()->keys();
    case ValueTag::tensors:
      for (const Tensor& element : tensors()) keys |= element.keys();
      break;
    case ValueTag::optional_tensors:
      for (const std::optional<Tensor>& element : optional_tensors())
        if (element) keys |= element->keys();
      break;
    case ValueTag::values:
      for (const Value& element : values()) keys |= element.keys();
      break;
    default:
      break;
  }
  return keys;
}

namespace {

std::string tensor_text(const Tensor& tensor) {
  if (!tensor.defined()) return "undefined Tensor";
  return fmt::format("Tensor {}[{}] {}", name_of(tensor.dtype()), fmt::join(tensor.sizes(), ", "),
                     to_string(tensor.device()));
}

template <class List, class Text>
std::string list_text(const List& list, Text&& text) {
  std::string inside;
  for (const auto& element : list) inside += (inside.empty() ? "" : ", ") + text(element);
  return "[" + inside + "]";
}

std::string string_of_list(const Value& value) {
  switch (value.tag()) {
    case ValueTag::integers:
      return fmt::format("[{}]", fmt::join(value.integers(), ", "));
    case ValueTag::reals:
      return fmt::format("[{}]", fmt::join(value.reals(), ", "));
    case ValueTag::booleans:
      return list_text(value.booleans(), [](uint8_t b) { return std::string(b ? "True" : "False"); });
    case ValueTag::tensors:
      return list_text(value.tensors(), tensor_text);
    case ValueTag::optional_tensors:
      return list_text(value.optional_tensors(), [](const std::optional<Tensor>& element) {
        return element ? tensor_text(*element) : std::string("None");
      });
    default:
      return list_text(value.values(), [](const Value& element) { return to_string(element); });
  }
}

}  // namespace

std::string to_string(const Value& value) {
  switch (value.tag()) {
    case ValueTag::none:
      return "None";
    case ValueTag::boolean:
      return value.boolean() ? "True" : "False";
    case ValueTag::integer:
      return fmt::format("{}", value.integer());
    case ValueTag::real:
      return fmt::format("{}", value.real());
    case ValueTag::complex:
      return fmt::format("({},{})", value.complex().real(), value.complex().imag());
    case ValueTag::device:
      return to_string(value.device());
    case ValueTag::dtype:
      return std::string(name_of(value.dtype()));
    case ValueTag::tensor:
      return tensor_text(value.tensor());
    case ValueTag::string:
      return "\"" + value.string() + "\"";
    case ValueTag::symbol:
      return to_string(value.sym_int());
    case ValueTag::generator:
    case ValueTag::storage:
      return std::string(name_of(value.tag()));
    default:
      return string_of_list(value);
  }
}

}  // namespace engine
