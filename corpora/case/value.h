// Value: one argument of a call, as a case writes it. Tensors are references, never data:
// `TensorRef{input 2}` is the case's third input, `TensorRef{call 0, output 1}` a result of an earlier call.
// A Value carries its own kind; the subject fits it to the schema's type (an integer may fill a float).
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/dtype.h"

namespace corpora {

struct TensorRef {
  int32_t call = -1;  // -1: an input of the case; otherwise the index of an earlier call
  int32_t index = 0;  // the input's index, or which tensor among the call's outputs, flattened

  bool operator==(const TensorRef&) const = default;
  bool is_input() const { return call < 0; }
};

enum class ValueKind : uint8_t {
  none,  // None: an absent optional, and a generator (the default one)
  tensor,
  undefined,  // a Tensor argument that holds no tensor
  integer,
  real,
  boolean,
  complex,
  string,
  dtype,
  device,         // by name, in `text`: "cpu", "meta"
  layout,         // "strided", "sparse", ... in `text`
  memory_format,  // "contiguous", "preserve", "channels_last", "channels_last_3d" in `text`
  list
};

struct Value {
  ValueKind kind = ValueKind::none;
  TensorRef tensor;
  int64_t integer = 0;  // also of boolean
  double real = 0;
  double imaginary = 0;
  engine::DType dtype = engine::DType::f32;
  std::string text;
  std::vector<Value> list;

  static Value of_kind(ValueKind kind) {
    Value value;
    value.kind = kind;
    return value;
  }
  static Value of_none() { return {}; }
  static Value of_undefined() { return of_kind(ValueKind::undefined); }
  static Value of_input(int32_t index) { return of_result(-1, index); }
  static Value of_result(int32_t call, int32_t index) {
    Value value = of_kind(ValueKind::tensor);
    value.tensor = {call, index};
    return value;
  }
  static Value of_integer(int64_t x) {
    Value value = of_kind(ValueKind::integer);
    value.integer = x;
    return value;
  }
  static Value of_real(double x) { return of_numbers(ValueKind::real, x, 0); }
  static Value of_boolean(bool x) {
    Value value = of_kind(ValueKind::boolean);
    value.integer = x;
    return value;
  }
  static Value of_complex(double re, double im) { return of_numbers(ValueKind::complex, re, im); }
  static Value of_string(std::string s) { return of_word(ValueKind::string, std::move(s)); }
  static Value of_dtype(engine::DType d) {
    Value value = of_kind(ValueKind::dtype);
    value.dtype = d;
    return value;
  }
  static Value of_word(ValueKind kind, std::string s) {
    Value value = of_kind(kind);
    value.text = std::move(s);
    return value;
  }
  static Value of_list(std::vector<Value> values) {
    Value value = of_kind(ValueKind::list);
    value.list = std::move(values);
    return value;
  }

 private:
  static Value of_numbers(ValueKind kind, double re, double im) {
    Value value = of_kind(kind);
    value.real = re;
    value.imaginary = im;
    return value;
  }
};

// Bitwise on floats: a NaN equals itself, and -0.0 differs from 0.0.
bool operator==(const Value& a, const Value& b);

// Calls visit(TensorRef&) for every tensor in the value, depth first. Works on const and non-const values.
template <class AnyValue, class Visit>
void for_each_tensor(AnyValue& value, Visit&& visit) {
  if (value.kind == ValueKind::tensor) visit(value.tensor);
  for (auto& element : value.list) for_each_tensor(element, visit);
}

}  // namespace corpora
