// Cases for the tests of the torch subject.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/image.h"
#include "corpora/case/path.h"
#include "engine/core/input_error.h"
#include "oracles/make_subject.h"

namespace oracles::testing {

using corpora::Value;

// One subject for all tests, because libtorch is a singleton.
inline Subject& torch() {
  static const std::unique_ptr<Subject> subject = make_subject("torch", {});
  return *subject;
}

class CaseMaker {
 public:
  // A contiguous f32 input on a storage of its own.
  CaseMaker& floats(engine::Dims sizes, const std::vector<float>& values) {
    return input(engine::DType::f32, std::move(sizes), values);
  }
  template <class Element>
  CaseMaker& input(engine::DType dtype, engine::Dims sizes, const std::vector<Element>& values) {
    corpora::Storage storage;
    storage.dtype = dtype;
    storage.elements = static_cast<int64_t>(values.size() * sizeof(Element) / engine::size_of(dtype));
    storage.rule = corpora::FillRule::values;
    storage.bytes.resize(values.size() * sizeof(Element));
    if (!values.empty()) std::memcpy(storage.bytes.data(), values.data(), storage.bytes.size());
    case_.storages.push_back(std::move(storage));
    return view(static_cast<int32_t>(case_.storages.size()) - 1, sizes, engine::contiguous_strides(sizes), 0);
  }
  CaseMaker& view(int32_t storage, engine::Dims sizes, engine::Dims strides, int64_t offset) {
    case_.inputs.push_back({storage, std::move(sizes), std::move(strides), offset});
    return *this;
  }
  CaseMaker& call(std::string op, std::vector<Value> arguments) {
    case_.calls.push_back({std::move(op), {}, std::move(arguments)});
    return *this;
  }
  const corpora::Case& made() const { return case_; }
  operator const corpora::Case&() const { return case_; }

 private:
  corpora::Case case_;
};

inline Outcome run(const corpora::Case& c, const char* path = "direct") {
  return torch().run(c, corpora::image_of(c), corpora::parse_path(path));
}

inline TensorSnapshot first_tensor(const Outcome& outcome) { return outcome.last().results.at(0).tensor; }

template <class Element>
std::vector<Element> values_of(const TensorSnapshot& tensor) {
  std::vector<Element> values(tensor.values.size() / sizeof(Element));
  if (!values.empty()) std::memcpy(values.data(), tensor.values.data(), tensor.values.size());
  return values;
}
inline std::vector<float> floats_of(const Outcome& outcome) {
  return values_of<float>(first_tensor(outcome));
}

inline Value input(int32_t index) { return Value::of_input(index); }
inline Value integer(int64_t x) { return Value::of_integer(x); }
inline Value integers(std::initializer_list<int64_t> values) {
  std::vector<Value> list;
  for (int64_t x : values) list.push_back(integer(x));
  return Value::of_list(std::move(list));
}
inline Value none() { return Value::of_none(); }

// aten::add.Tensor of [[0, 1, 2], [3, 4, 5]] and itself times ten.
inline CaseMaker addition() {
  return CaseMaker()
      .floats({2, 3}, {0, 1, 2, 3, 4, 5})
      .floats({2, 3}, {0, 10, 20, 30, 40, 50})
      .call("aten::add.Tensor", {input(0), input(1), integer(1)});
}

}  // namespace oracles::testing
