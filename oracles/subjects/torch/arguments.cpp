#include "oracles/subjects/torch/arguments.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ScalarOps.h>
#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>
#include <c10/core/ScalarTypeToTypeMeta.h>
#include <c10/core/Stream.h>
#include <fmt/format.h>

#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

using corpora::Value;
using corpora::ValueKind;
using engine::Type;
using engine::TypeKind;

namespace {

[[noreturn]] void misfit(const Value& value, std::string_view wanted) {
  static constexpr const char* names[]{"None",       "a tensor", "an undefined tensor",
                                       "an integer", "a float",  "a bool",
                                       "complex",    "a string", "a dtype",
                                       "a device",   "a layout", "a memory format",
                                       "a list"};
  throw Misfit{fmt::format("expected {}, got {}", wanted, names[static_cast<size_t>(value.kind)])};
}

int64_t integer_of(const Value& value) {
  if (value.kind != ValueKind::integer && value.kind != ValueKind::boolean) misfit(value, "an integer");
  return value.integer;
}

double real_of(const Value& value) {
  if (value.kind == ValueKind::real) return value.real;
  if (value.kind != ValueKind::integer && value.kind != ValueKind::boolean) misfit(value, "a float");
  return static_cast<double>(value.integer);
}

bool boolean_of(const Value& value) {
  if (value.kind != ValueKind::boolean && value.kind != ValueKind::integer) misfit(value, "a bool");
  return value.integer != 0;
}

c10::Scalar number_of(const Value& value) {
  switch (value.kind) {
    case ValueKind::integer:
      return value.integer;
    case ValueKind::real:
      return value.real;
    case ValueKind::boolean:
      return value.integer != 0;
    case ValueKind::complex:
      return c10::complex<double>(value.real, value.imaginary);
    default:
      misfit(value, "a number");
  }
}

c10::IValue dimname_of(const Value& value) {
  if (value.kind == ValueKind::none) return dimension_name("*");
  if (value.kind != ValueKind::string) misfit(value, "a dimension name");
  if (!is_dimension_name(value.text)) throw Misfit{"'" + value.text + "' is not a dimension name"};
  return dimension_name(value.text);
}

c10::Device device_of(const Value& value, const TorchFitting& fitting) {
  if (value.kind != ValueKind::device && value.kind != ValueKind::string) misfit(value, "a device");
  try {
    const c10::Device device(value.text);
    return device.is_cpu() ? fitting.device : device;
  } catch (const c10::Error&) {
    throw Misfit{"there is no device '" + value.text + "'"};
  }
}

int64_t scalar_type_number(const Value& value) {
  if (value.kind == ValueKind::dtype) return static_cast<int64_t>(scalar_type_of(value.dtype));
  if (value.kind == ValueKind::integer && value.integer >= 0 &&
      value.integer < static_cast<int64_t>(c10::ScalarType::Undefined))
    return value.integer;
  misfit(value, "a dtype");
}

at::Tensor tensor_of(const Value& value, const TorchFitting& fitting) {
  switch (value.kind) {
    case ValueKind::tensor:
      return fitting.tensor(value.tensor);
    case ValueKind::undefined:
      return {};
    case ValueKind::integer:
    case ValueKind::real:
    case ValueKind::boolean:
    case ValueKind::complex:
      return at::native::wrapped_scalar_tensor(number_of(value));  // as Python does
    default:
      misfit(value, "a tensor");
  }
}

c10::IValue storage_of(const Value& value, const TorchFitting& fitting) {
  if (value.kind != ValueKind::tensor) misfit(value, "a tensor whose storage to take");
  const at::Tensor tensor = fitting.tensor(value.tensor);
  if (!tensor.defined() || !tensor.has_storage()) throw Misfit{"the tensor has no storage"};
  return tensor.storage();
}

template <class Element, class Convert>
c10::IValue list_of(const std::vector<Value>& values, const Convert& convert) {
  c10::List<Element> list;
  list.reserve(values.size());
  for (const Value& value : values) list.push_back(convert(value));
  return list;
}

c10::IValue optional_tensors(const std::vector<Value>& values, const TorchFitting& fitting) {
  c10::List<c10::optional<at::Tensor>> list;
  list.reserve(values.size());
  for (const Value& value : values) {
    if (value.kind == ValueKind::none) {
      list.push_back(c10::nullopt);
    } else {
      list.push_back(tensor_of(value, fitting));
    }
  }
  return list;
}

const c10::TypePtr& element_of(const c10::TypePtr& type) {
  const auto elements = type->containedTypes();
  if (elements.size() != 1) throw Misfit{"values of this type cannot be made"};
  return elements[0];
}

c10::IValue elements_fitted(const std::vector<Value>& values, const Type& element,
                            const c10::TypePtr& torch_element, const TorchFitting& fitting) {
  switch (element.kind) {
    case TypeKind::integer:
    case TypeKind::sym_int:
    case TypeKind::qscheme:
      return list_of<int64_t>(values, integer_of);
    case TypeKind::scalar_type:
      return list_of<int64_t>(values, scalar_type_number);
    case TypeKind::real:
      return list_of<double>(values, real_of);
    case TypeKind::boolean:
      return list_of<bool>(values, boolean_of);
    case TypeKind::number:
      return list_of<at::Scalar>(values, number_of);
    case TypeKind::tensor:
      return list_of<at::Tensor>(values, [&](const Value& value) { return tensor_of(value, fitting); });
    case TypeKind::optional:
      if (element.element().kind == TypeKind::tensor) return optional_tensors(values, fitting);
      break;
    default:
      break;
  }
  c10::impl::GenericList list(torch_element);
  list.reserve(values.size());
  for (const Value& value : values) list.push_back(fitted(value, element, torch_element, fitting));
  return list;
}

c10::IValue list_fitted(const Value& value, const Type& type, const c10::TypePtr& torch_type,
                        const TorchFitting& fitting) {
  const auto size = static_cast<size_t>(type.fixed_size.value_or(0));
  const Type& element = type.element();
  if (value.kind == ValueKind::list) {
    if (element.kind == TypeKind::boolean && size != 0 && value.list.size() != size)
      throw Misfit{fmt::format("expected {} bools, got {}", size, value.list.size())};
    return elements_fitted(value.list, element, element_of(torch_type), fitting);
  }
  // A list of a known size accepts one element: stride=2 means stride=[2, 2].
  if (size == 0 || value.kind == ValueKind::none) misfit(value, "a list");
  return elements_fitted(std::vector<Value>(size, value), element, element_of(torch_type), fitting);
}

c10::IValue any_fitted(const Value& value, const TorchFitting& fitting) {
  switch (value.kind) {
    case ValueKind::none:
      return {};
    case ValueKind::tensor:
    case ValueKind::undefined:
      return tensor_of(value, fitting);
    case ValueKind::string:
      return value.text;
    case ValueKind::integer:
    case ValueKind::real:
    case ValueKind::boolean:
    case ValueKind::complex:
      return number_of(value);
    case ValueKind::dtype:
      return scalar_type_number(value);
    case ValueKind::device:
      return device_of(value, fitting);
    default:
      misfit(value, "a plain value");
  }
}

c10::IValue word_fitted(const Value& value, ValueKind kind, std::string_view wanted) {
  if (value.kind == kind || value.kind == ValueKind::string) return number_of_word(kind, value.text);
  if (value.kind == ValueKind::integer && value.integer >= 0 && value.integer < 4) return value.integer;
  misfit(value, wanted);
}

}  // namespace

c10::IValue fitted(const Value& value, const Type& type, const c10::TypePtr& torch_type,
                   const TorchFitting& fitting) {
  switch (type.kind) {
    case TypeKind::tensor:
      return tensor_of(value, fitting);
    case TypeKind::integer:
    case TypeKind::sym_int:
    case TypeKind::qscheme:
      return integer_of(value);
    case TypeKind::real:
      return real_of(value);
    case TypeKind::boolean:
      return boolean_of(value);
    case TypeKind::number:
      return number_of(value);
    case TypeKind::string:
      if (value.kind != ValueKind::string) misfit(value, "a string");
      return value.text;
    case TypeKind::dimname:
      return dimname_of(value);
    case TypeKind::scalar_type:
      return scalar_type_number(value);
    case TypeKind::layout:
      return word_fitted(value, ValueKind::layout, "a layout");
    case TypeKind::memory_format:
      return word_fitted(value, ValueKind::memory_format, "a memory format");
    case TypeKind::device:
      return device_of(value, fitting);
    case TypeKind::generator:
      if (value.kind != ValueKind::none) misfit(value, "None (the default generator)");
      return at::detail::getDefaultCPUGenerator();
    case TypeKind::storage:
      return storage_of(value, fitting);
    case TypeKind::stream:
      if (value.kind != ValueKind::none) misfit(value, "None (the default stream)");
      return c10::Stream(c10::Stream::DEFAULT, c10::Device(c10::DeviceType::CPU));
    case TypeKind::any:
    case TypeKind::variable:
      return any_fitted(value, fitting);
    case TypeKind::list:
      return list_fitted(value, type, torch_type, fitting);
    case TypeKind::optional:
      if (value.kind == ValueKind::none) return {};
      return fitted(value, type.element(), element_of(torch_type), fitting);
    default:
      throw Misfit{"values of this type cannot be made"};
  }
}

bool has_dtype(engine::DType dtype) {
  const engine::DTypeTraits& traits = engine::traits_of(dtype);
  return traits.torch_number < static_cast<int>(c10::ScalarType::NumOptions) &&
         c10::toString(static_cast<c10::ScalarType>(traits.torch_number)) == traits.cpp_name;
}

c10::ScalarType scalar_type_of(engine::DType dtype) {
  if (!has_dtype(dtype)) throw Misfit{"this PyTorch has no dtype " + std::string(engine::name_of(dtype))};
  return static_cast<c10::ScalarType>(engine::traits_of(dtype).torch_number);
}

bool dtype_of(c10::ScalarType type, engine::DType& dtype) {
  const auto numbered = engine::dtype_numbered(static_cast<int64_t>(type));
  if (numbered) dtype = *numbered;
  return numbered.has_value();
}

}  // namespace oracles::aten
