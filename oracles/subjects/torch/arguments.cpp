#include "oracles/subjects/torch/arguments.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/ScalarOps.h>
#include <ATen/core/Dimname.h>
#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>
#include <c10/core/ScalarTypeToTypeMeta.h>
#include <c10/core/Stream.h>
#include <fmt/format.h>

namespace oracles::aten {

using corpora::Value;
using corpora::ValueKind;
using engine::TypeKind;
using Kind = Fit::Kind;

namespace {

Kind plain_kind(TypeKind kind) {
  switch (kind) {
    case TypeKind::tensor:
      return Kind::tensor;
    case TypeKind::integer:
    case TypeKind::sym_int:
    case TypeKind::qscheme:
      return Kind::integer;
    case TypeKind::real:
      return Kind::real;
    case TypeKind::boolean:
      return Kind::boolean;
    case TypeKind::number:
      return Kind::number;
    case TypeKind::string:
      return Kind::string;
    case TypeKind::dimname:
      return Kind::dimname;
    case TypeKind::scalar_type:
      return Kind::scalar_type;
    case TypeKind::layout:
      return Kind::layout;
    case TypeKind::memory_format:
      return Kind::memory_format;
    case TypeKind::device:
      return Kind::device;
    case TypeKind::generator:
      return Kind::generator;
    case TypeKind::storage:
      return Kind::storage;
    case TypeKind::stream:
      return Kind::stream;
    case TypeKind::any:
    case TypeKind::variable:
      return Kind::any;
    default:
      return Kind::unsupported;
  }
}

[[noreturn]] void misfit(const Value& value, std::string_view wanted) {
  static constexpr const char* names[]{"None",       "a tensor", "an undefined tensor",
                                       "an integer", "a float",  "a bool",
                                       "complex",    "a string", "a dtype",
                                       "a device",   "a layout", "a memory format",
                                       "a list"};
  throw Misfit{fmt::format("expected {}, got {}", wanted, names[static_cast<size_t>(value.kind)])};
}

int64_t position_of(const std::string& word, std::initializer_list<const char*> words,
                    std::string_view what) {
  int64_t at = 0;
  for (const char* candidate : words) {
    if (word == candidate) return at;
    ++at;
  }
  throw Misfit{fmt::format("there is no {} '{}'", what, word)};
}

int64_t layout_number(const std::string& word) {
  if (word == "sparse_coo") return 1;
  return position_of(word,
                     {"strided", "sparse", "sparse_csr", "mkldnn", "sparse_csc", "sparse_bsr", "sparse_bsc"},
                     "layout");
}

int64_t memory_format_number(const std::string& word) {
  return position_of(word, {"contiguous", "preserve", "channels_last", "channels_last_3d"}, "memory format");
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

at::Dimname dimname_of(const Value& value) {
  if (value.kind == ValueKind::none) return at::Dimname::wildcard();
  if (value.kind != ValueKind::string) misfit(value, "a dimension name");
  if (value.text == "*") return at::Dimname::wildcard();
  if (!at::Dimname::isValidName(value.text)) throw Misfit{"'" + value.text + "' is no dimension name"};
  return at::Dimname::fromSymbol(c10::Symbol::dimname(value.text));
}

c10::Device device_of(const Value& value, const FitContext& context) {
  if (value.kind != ValueKind::device && value.kind != ValueKind::string) misfit(value, "a device");
  try {
    const c10::Device device(value.text);
    if (context.meta && device.is_cpu()) return c10::Device(c10::DeviceType::Meta);
    return device;
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

at::Tensor tensor_of(const Value& value, const FitContext& context) {
  switch (value.kind) {
    case ValueKind::tensor:
      return context.tensor(value.tensor);
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

c10::IValue storage_of(const Value& value, const FitContext& context) {
  if (value.kind != ValueKind::tensor) misfit(value, "a tensor whose storage to take");
  const at::Tensor tensor = context.tensor(value.tensor);
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

c10::IValue optional_tensors(const std::vector<Value>& values, const FitContext& context) {
  c10::List<c10::optional<at::Tensor>> list;
  list.reserve(values.size());
  for (const Value& value : values) {
    if (value.kind == ValueKind::none) {
      list.push_back(c10::nullopt);
    } else {
      list.push_back(tensor_of(value, context));
    }
  }
  return list;
}

c10::IValue elements_fitted(const std::vector<Value>& values, const Fit& fit, const FitContext& context) {
  const Fit& element = fit.element.front();
  switch (element.kind) {
    case Kind::integer:
      return list_of<int64_t>(values, integer_of);
    case Kind::scalar_type:
      return list_of<int64_t>(values, scalar_type_number);
    case Kind::real:
      return list_of<double>(values, real_of);
    case Kind::boolean:
      return list_of<bool>(values, boolean_of);
    case Kind::number:
      return list_of<at::Scalar>(values, number_of);
    case Kind::tensor:
      return list_of<at::Tensor>(values, [&](const Value& value) { return tensor_of(value, context); });
    case Kind::optional:
      if (element.element.front().kind == Kind::tensor) return optional_tensors(values, context);
      break;
    default:
      break;
  }
  if (!fit.element_type) throw Misfit{"lists of this type cannot be made"};
  c10::impl::GenericList list(fit.element_type);
  list.reserve(values.size());
  for (const Value& value : values) list.push_back(fitted(value, element, context));
  return list;
}

c10::IValue list_fitted(const Value& value, const Fit& fit, const FitContext& context) {
  if (value.kind != ValueKind::list) {
    // One number stands for a list of a known size: stride=2 is stride=[2, 2].
    if (fit.fixed_size == 0 || value.kind == ValueKind::none) misfit(value, "a list");
    const std::vector<Value> repeated(static_cast<size_t>(fit.fixed_size), value);
    return elements_fitted(repeated, fit, context);
  }
  const bool exact = fit.element.front().kind == Kind::boolean && fit.fixed_size != 0;
  if (exact && static_cast<int64_t>(value.list.size()) != fit.fixed_size)
    throw Misfit{fmt::format("expected {} bools, got {}", fit.fixed_size, value.list.size())};
  return elements_fitted(value.list, fit, context);
}

c10::IValue any_fitted(const Value& value, const FitContext& context) {
  switch (value.kind) {
    case ValueKind::none:
      return {};
    case ValueKind::tensor:
    case ValueKind::undefined:
      return tensor_of(value, context);
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
      return device_of(value, context);
    default:
      misfit(value, "a plain value");
  }
}

c10::IValue word_fitted(const Value& value, ValueKind kind, int64_t (*number)(const std::string&),
                        std::string_view wanted) {
  if (value.kind == kind || value.kind == ValueKind::string) return number(value.text);
  if (value.kind == ValueKind::integer && value.integer >= 0 && value.integer < 4) return value.integer;
  misfit(value, wanted);
}

}  // namespace

Fit fit_of(const engine::Type& type, const c10::TypePtr& libtorch_type) {
  Fit fit;
  if (type.kind == TypeKind::list || type.kind == TypeKind::optional) {
    const auto& contained = libtorch_type->containedTypes();
    if (contained.size() != 1) return fit;
    fit.kind = type.kind == TypeKind::list ? Kind::list : Kind::optional;
    fit.element.push_back(fit_of(type.element(), contained[0]));
    fit.fixed_size = type.fixed_size.value_or(0);
    fit.element_type = contained[0];
    return fit;
  }
  fit.kind = plain_kind(type.kind);
  return fit;
}

c10::IValue fitted(const Value& value, const Fit& fit, const FitContext& context) {
  switch (fit.kind) {
    case Kind::tensor:
      return tensor_of(value, context);
    case Kind::integer:
      return integer_of(value);
    case Kind::real:
      return real_of(value);
    case Kind::boolean:
      return boolean_of(value);
    case Kind::number:
      return number_of(value);
    case Kind::string:
      if (value.kind != ValueKind::string) misfit(value, "a string");
      return value.text;
    case Kind::dimname:
      return dimname_of(value);
    case Kind::scalar_type:
      return scalar_type_number(value);
    case Kind::layout:
      return word_fitted(value, ValueKind::layout, layout_number, "a layout");
    case Kind::memory_format:
      return word_fitted(value, ValueKind::memory_format, memory_format_number, "a memory format");
    case Kind::device:
      return device_of(value, context);
    case Kind::generator:
      if (value.kind != ValueKind::none) misfit(value, "None (the default generator)");
      return at::detail::getDefaultCPUGenerator();
    case Kind::storage:
      return storage_of(value, context);
    case Kind::stream:
      if (value.kind != ValueKind::none) misfit(value, "None (the default stream)");
      return c10::Stream(c10::Stream::DEFAULT, c10::Device(c10::DeviceType::CPU));
    case Kind::any:
      return any_fitted(value, context);
    case Kind::list:
      return list_fitted(value, fit, context);
    case Kind::optional:
      if (value.kind == ValueKind::none) return {};
      return fitted(value, fit.element.front(), context);
    case Kind::unsupported:
      break;
  }
  throw Misfit{"values of this type cannot be made"};
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
