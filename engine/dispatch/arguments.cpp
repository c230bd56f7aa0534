#include "engine/dispatch/arguments.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/core/error.h"

namespace engine {

namespace {

[[noreturn]] void refuse(const Schema& schema, const std::string& what) {
  throw Error(fmt::format("{}: {}. Declaration: {}", schema.qualified(), what, to_string(schema)),
              ErrorKind::type);
}

std::optional<Value> only_if(Value value, ValueTag tag) {
  return value.is(tag) ? std::optional<Value>(std::move(value)) : std::nullopt;
}

// A list of values as the list that the element type asks for.
std::optional<Value> list_of(const std::vector<Value>& values, const Type& type);

template <class Element, class Get>
Value gathered(const std::vector<Value>& values, Get&& get) {
  std::vector<Element> list;
  for (const Value& value : values) list.push_back(get(value));
  return Value(std::move(list));
}

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
      if (element != TypeKind::real) return std::nullopt;
      return value;
    case ValueTag::booleans:
      if (element != TypeKind::boolean) return std::nullopt;
      return value;
    case ValueTag::optional_tensors:
      if (element != TypeKind::optional) return std::nullopt;
      return value;
    default:
      break;
  }
  // One element stands for a sized list of it.
  if (!type.fixed_size) return std::nullopt;
  return list_of(std::vector<Value>(static_cast<size_t>(*type.fixed_size), value), type);
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
      return value.is_none() ? std::optional<Value>(Value()) : fitted(std::move(value), type.element());
    case TypeKind::list:
      return fitted_list(std::move(value), type);
    case TypeKind::tensor:
      return only_if(std::move(value), ValueTag::tensor);
    case TypeKind::integer:
    case TypeKind::sym_int:
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
      if (!value.is_number()) return std::nullopt;
      return value;
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

Value value_of(const Literal& literal, const Type& type) {
  const auto plain = [](const Literal& each) -> Value {
    switch (each.kind) {
      case Literal::Kind::integer:
        return each.integer;
      case Literal::Kind::real:
        return each.real;
      case Literal::Kind::boolean:
        return each.integer != 0;
      case Literal::Kind::complex:
        return std::complex<double>(0, each.real);
      case Literal::Kind::string:
        return each.text;
      default:
        return {};
    }
  };
  Value value = plain(literal);
  if (literal.kind == Literal::Kind::list) {
    std::vector<Value> elements;
    for (const Literal& element : literal.list) elements.push_back(plain(element));
    value = Value(std::move(elements));
  }
  return fitted(value, type).value_or(value);
}

namespace {

Value checked(const Schema& schema, size_t position, Value value) {
  const Argument& argument = schema.arguments[position];
  const std::string there = to_string(value);
  std::optional<Value> held = fitted(std::move(value), argument.type);
  if (!held)
    refuse(schema,
           fmt::format("expected a value of type '{}' for argument '{}' at position {}, and there is {}",
                       to_string(argument.type), argument.name, position, there));
  return *std::move(held);
}

}  // namespace

Stack normalized(const Schema& schema, std::vector<Value> positional, KeywordArguments keywords) {
  size_t positional_max = 0;
  for (const Argument& argument : schema.arguments) positional_max += argument.keyword_only ? 0 : 1;
  if (positional.size() > positional_max)
    refuse(schema, fmt::format("at most {} positional arguments are possible, and there are {}",
                               positional_max, positional.size()));
  Stack stack;
  std::vector<bool> used(keywords.size());
  for (size_t i = 0; i < schema.arguments.size(); ++i) {
    const Argument& argument = schema.arguments[i];
    if (i < positional.size()) {
      stack.push_back(checked(schema, i, std::move(positional[i])));
      continue;
    }
    const auto found = std::find_if(keywords.begin(), keywords.end(),
                                    [&](const auto& keyword) { return keyword.first == argument.name; });
    if (found != keywords.end()) {
      used[static_cast<size_t>(found - keywords.begin())] = true;
      stack.push_back(checked(schema, i, found->second));
    } else if (argument.default_value) {
      stack.push_back(value_of(*argument.default_value, argument.type));
    } else {
      refuse(schema, fmt::format("a value for argument '{}' at position {} is missing", argument.name, i));
    }
  }
  for (size_t i = 0; i < keywords.size(); ++i)
    if (!used[i]) refuse(schema, fmt::format("unknown or repeated keyword '{}'", keywords[i].first));
  return stack;
}

}  // namespace engine
