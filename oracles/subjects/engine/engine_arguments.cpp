#include "oracles/subjects/engine/engine_arguments.h"

#include "engine/backends/copy.h"
#include "engine/dispatch/arguments.h"
#include "engine/ops/promotion.h"

namespace oracles {

using corpora::ValueKind;
using engine::Type;
using engine::TypeKind;
using engine::Value;
using EngineFitting = Fitting<engine::Tensor, engine::Device>;

namespace {

[[noreturn]] void misfit(const Type& type) {
  throw Misfit{"the value cannot be converted to " + engine::to_string(type)};
}

bool wants_tensor(const Type& type) {
  return type.kind == TypeKind::optional ? wants_tensor(type.element()) : type.kind == TypeKind::tensor;
}

// As in Python, a number for a Tensor is a 0-dim tensor of its default dtype.
engine::Tensor tensor_of(const engine::Scalar& number, engine::Device device) {
  const engine::Tensor made = engine::make_tensor(engine::ops::dtype_of(number), {}, device);
  if (!made.is_meta()) engine::fill_elements(made, number);
  return made;
}

Value device_of(const std::string& name, engine::Device instead_of_cpu) {
  const std::optional<engine::Device> device = engine::device_named(name);
  if (!device) throw Misfit{"there is no device '" + name + "'"};
  return device->type == engine::DeviceType::cpu ? instead_of_cpu : *device;
}

Value plain_value(const corpora::Value& value, const EngineFitting& fitting) {
  switch (value.kind) {
    case ValueKind::none:
    case ValueKind::list:
      break;
    case ValueKind::tensor:
      return fitting.tensor(value.tensor);
    case ValueKind::undefined:
      return engine::Tensor();
    case ValueKind::integer:
      return value.integer;
    case ValueKind::real:
      return value.real;
    case ValueKind::boolean:
      return value.integer != 0;
    case ValueKind::complex:
      return std::complex<double>(value.real, value.imaginary);
    case ValueKind::string:
      return value.text;
    case ValueKind::dtype:
      return value.dtype;
    case ValueKind::device:
      return device_of(value.text, fitting.device);
    case ValueKind::layout:
    case ValueKind::memory_format:
      return number_of_word(value.kind, value.text);
  }
  return {};
}

Value with_elements(const corpora::Value& value, const Type& type, const EngineFitting& fitting) {
  const Type& list = type.kind == TypeKind::optional ? type.element() : type;
  if (list.kind != TypeKind::list) misfit(type);
  std::vector<Value> elements;
  for (const corpora::Value& element : value.list)
    elements.push_back(fitted_argument(element, list.element(), fitting));
  return elements;
}

}  // namespace

Value fitted_argument(const corpora::Value& value, const Type& type, const EngineFitting& fitting) {
  Value plain =
      value.kind == ValueKind::list ? with_elements(value, type, fitting) : plain_value(value, fitting);
  if (wants_tensor(type) && plain.is_number()) return tensor_of(plain.scalar(), fitting.device);
  if (type.kind == TypeKind::generator && plain.is_none()) return plain;
  std::optional<Value> fitted = engine::fitted(std::move(plain), type);
  if (!fitted) misfit(type);
  return *std::move(fitted);
}

}  // namespace oracles
