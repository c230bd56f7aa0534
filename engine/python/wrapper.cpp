#include "engine/python/wrapper.h"

#include "engine/core/lazy_keys.h"

namespace engine {

namespace {

struct PythonObject : RefCounted {
  PythonObject(Interpreter& answering, Tensor wrapped) : interpreter(answering), inner(std::move(wrapped)) {}
  Interpreter& interpreter;
  Tensor inner;
};

const PythonObject* object_of(const Tensor& tensor) {
  if (!tensor.defined() || !tensor.keys().has(DispatchKey::Python)) return nullptr;
  return dynamic_cast<const PythonObject*>(tensor.wrapped().get());
}

}  // namespace

Tensor make_wrapper(Interpreter& interpreter, const Tensor& inner, Storage storage, Device device) {
  const KeySet keys = dense_keys(device.type) | python_keys | (inner.keys() & lazy_keys);
  const Tensor wrapper(make_intrusive<TensorBody>(keys, std::move(storage), inner.dtype(), device,
                                                  Geometry(inner.sizes(), inner.strides()), inner.offset()));
  wrapper.set_wrapped(make_intrusive<PythonObject>(interpreter, inner));
  return wrapper;
}

Interpreter* interpreter_of(const Tensor& tensor) {
  const PythonObject* const object = object_of(tensor);
  return object ? &object->interpreter : nullptr;
}

const Tensor& unwrapped(const Tensor& tensor) {
  const PythonObject* const object = object_of(tensor);
  return object ? object->inner : tensor;
}

}  // namespace engine
