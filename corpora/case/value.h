// Value: one argument of a call, as a case writes it. A tensor is a reference, never data:
// `TensorRef{-1, 2}` is the case's third input, `TensorRef{0, 1}` the second result of the first call.
// A Value has its own kind; the subject converts it to the schema's type (an integer may become a float).
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/dtype.h"
#include "engine/core/int_span.h"

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
  TensorRef tensor = {};
  int64_t integer = 0;  // also of boolean
  double real = 0;
  double imaginary = 0;
  engine::DType dtype = engine::DType::f32;
  std::string text = {};
  std::vector<Value> list = {};

  static Value of_none() { return {}; }
  static Value of_undefined() { return {.kind = ValueKind::undefined}; }
  static Value of_input(int32_t index) { return of_result(-1, index); }
  static Value of_result(int32_t call, int32_t index) {
    return {.kind = ValueKind::tensor, .tensor = {call, index}};
  }
  static Value of_integer(int64_t x) { return {.kind = ValueKind::integer, .integer = x}; }
  static Value of_integers(engine::IntSpan integers) {
    std::vector<Value> elements;
    for (const int64_t x : integers) elements.push_back(of_integer(x));
    return of_list(std::move(elements));
  }
  static Value of_real(double x) { return {.kind = ValueKind::real, .real = x}; }
  static Value of_boolean(bool x) { return {.kind = ValueKind::boolean, .integer = x}; }
  static Value of_complex(double re, double im) {
    return {.kind = ValueKind::complex, .real = re, .imaginary = im};
  }
  static Value of_string(std::string s) { return of_word(ValueKind::string, std::move(s)); }
  static Value of_dtype(engine::DType d) { return {.kind = ValueKind::dtype, .dtype = d}; }
  static Value of_word(ValueKind kind, std::string s) { return {.kind = kind, .text = std::move(s)}; }
  static Value of_list(std::vector<Value> values) {
    return {.kind = ValueKind::list, .list = std::move(values)};
  }

  // Bitwise on floats: a NaN equals itself, and -0.0 differs from 0.0.
  bool operator==(const Value& other) const {
    const auto bits = [](double x) { return std::bit_cast<uint64_t>(x); };
    return kind == other.kind && tensor == other.tensor && integer == other.integer &&
           bits(real) == bits(other.real) && bits(imaginary) == bits(other.imaginary) &&
           dtype == other.dtype && text == other.text && list == other.list;
  }
};

// Calls visit(TensorRef&) for every tensor in the value, depth first. Works on const and non-const values.
template <class AnyValue, class Visit>
void for_each_tensor(AnyValue& value, Visit&& visit) {
  if (value.kind == ValueKind::tensor) visit(value.tensor);
  for (auto& element : value.list) for_each_tensor(element, visit);
}

}  // namespace corpora
