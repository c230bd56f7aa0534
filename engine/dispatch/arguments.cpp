#include "engine/dispatch/arguments.h"

namespace engine {

namespace {

std::optional<Value> only_if(Value value, ValueTag tag) {
  return value.is(tag) ? std::optional<Value>(std::move(value)) : std::nullopt;
}

template <class Element, class Get>
Value gathered(const std::vector<Value>& values, Get&& get) {
  std::vector<Element> list;
  for (const Value& value : values) list.push_back(get(value));
  return Value(std::move(list));
}

// The values as a list of the type, if each can be an element of it.
std::optional<Value> list_of(const std::vector<Value>& values, const Type& type) {
  std::vector<Value> elements;
  for (const Value& value : values) {
    std::optional<Value> element = fitted(value, type.element());
    if (!element) return std::nullopt;
    elements.push_back(*std::move(element));
  }
  switch (type.element().kind) {
    case TypeKind::tensor:
      return gathered<Tensor>(elements, [](const Value& v) { return v.tensor(); });
    case TypeKind::integer:
    case TypeKind::sym_int:
      return gathered<int64_t>(elements, [](const Value& v) { return v.integer(); });
    case TypeKind::real:
      return gathered<double>(elements, [](const Value& v) { return v.real(); });
    case TypeKind::boolean:
      return gathered<uint8_t>(elements, [](const Value& v) { return uint8_t{v.boolean()}; });
    case TypeKind::optional:
      if (type.element().element().kind == TypeKind::tensor)
        return gathered<std::optional<Tensor>>(elements, [](const Value& v) {
          return v.is_none() ? std::nullopt : std::optional<Tensor>(v.tensor());
        });
      [[fallthrough]];
    default:
      return Value(std::move(elements));
  }
}

std::optional<Value> fitted_list(Value value, const Type& type) {
  const TypeKind element = type.element().kind;
  if (element == TypeKind::sym_int && value.has_symbols()) return value;
  switch (value.tag()) {
    case ValueTag::values:
      return list_of(value.values(), type);
    case ValueTag::tensors:
      if (element == TypeKind::tensor) return value;
      return list_of({value.tensors().begin(), value.tensors().end()}, type);
    case ValueTag::integers:
      if (element == TypeKind::integer || element == TypeKind::sym_int) return value;
      return list_of({value.integers().begin(), value.integers().end()}, type);
    case ValueTag::reals:
      return element == TypeKind::real ? std::optional(value) : std::nullopt;
    case ValueTag::booleans:
      return element == TypeKind::boolean ? std::optional(value) : std::nullopt;
    case ValueTag::optional_tensors:
      return element == TypeKind::optional ? std::optional(value) : std::nullopt;
    default:
      // One element for a list of fixed size is repeated.
      if (!type.fixed_size) return std::nullopt;
      return list_of(std::vector<Value>(static_cast<size_t>(*type.fixed_size), value), type);
  }
}

std::optional<Value> fitted_dtype(Value value) {
  if (!value.is(ValueTag::integer)) return only_if(std::move(value), ValueTag::dtype);
  const std::optional<DType> dtype = dtype_numbered(value.integer());
  return dtype ? std::optional<Value>(*dtype) : std::nullopt;
}

std::optional<Value> fitted_device(Value value) {
  if (!value.is(ValueTag::string)) return only_if(std::move(value), ValueTag::device);
  const std::optional<Device> device = device_named(value.string());
  return device ? std::optional<Value>(*device) : std::nullopt;
}

}  // namespace

std::optional<Value> fitted(Value value, const Type& type) {
  switch (type.kind) {
    case TypeKind::optional:
      return value.is_none() ? std::optional(value) : fitted(std::move(value), type.element());
    case TypeKind::list:
      return fitted_list(std::move(value), type);
    case TypeKind::tensor:
      return only_if(std::move(value), ValueTag::tensor);
    case TypeKind::sym_int:
      if (value.is(ValueTag::symbol)) return value;
      return only_if(std::move(value), ValueTag::integer);
    case TypeKind::integer:
      if (value.is(ValueTag::symbol)) return Value(value.integer());
      return only_if(std::move(value), ValueTag::integer);
    case TypeKind::layout:
    case TypeKind::memory_format:
    case TypeKind::stream:
    case TypeKind::qscheme:
      return only_if(std::move(value), ValueTag::integer);
    case TypeKind::real:
      if (value.is(ValueTag::integer)) return Value(value.real());
      return only_if(std::move(value), ValueTag::real);
    case TypeKind::complex:
      if (value.is(ValueTag::integer) || value.is(ValueTag::real)) return Value(value.complex());
      return only_if(std::move(value), ValueTag::complex);
    case TypeKind::boolean:
      return only_if(std::move(value), ValueTag::boolean);
    case TypeKind::number:
      return value.is_number() ? std::optional(value) : std::nullopt;
    case TypeKind::string:
    case TypeKind::dimname:
      return only_if(std::move(value), ValueTag::string);
    case TypeKind::scalar_type:
      return fitted_dtype(std::move(value));
    case TypeKind::device:
      return fitted_device(std::move(value));
    case TypeKind::generator:
      return only_if(std::move(value), ValueTag::generator);
    case TypeKind::storage:
      return only_if(std::move(value), ValueTag::storage);
    case TypeKind::none:
      return only_if(std::move(value), ValueTag::none);
    default:
      return value;
  }
}

namespace {

Value value_of(const Literal& literal) {
  switch (literal.kind) {
    case Literal::Kind::integer:
      return literal.integer;
    case Literal::Kind::real:
      return literal.real;
    case Literal::Kind::boolean:
      return literal.integer != 0;
    case Literal::Kind::complex:
      return std::complex<double>(0, literal.real);
    case Literal::Kind::string:
      return literal.text;
    case Literal::Kind::list: {
      std::vector<Value> elements;
      for (const Literal& element : literal.list) elements.push_back(value_of(element));
      return elements;
    }
    case Literal::Kind::none:
      break;
  }
  return {};
}

}  // namespace

Value value_of(const Literal& literal, const Type& type) {
  const Value value = value_of(literal);
  return fitted(value, type).value_or(value);
}

}  // namespace engine
