// CallArguments: the arguments of one call by place. All forms of an operator have the same arguments in the
// same places, so that one rule serves them all. Reading an argument as a different type is an Error(type).
#pragma once

#include <optional>
#include <span>
#include <string>

#include "engine/core/value.h"
#include "engine/dispatch/schema.h"

namespace engine::ops {

class CallArguments {
 public:
  CallArguments(const Schema& schema, std::span<const Value> values) : schema_(schema), values_(values) {}

  const Schema& schema() const { return schema_; }
  // "exp", for messages.
  std::string operator_name() const;
  // Raises that the operator has no kernel for the dtype.
  [[noreturn]] void refuse_dtype(DType dtype) const;
  size_t size() const { return values_.size(); }
  const Value& operator[](size_t i) const { return values_[i]; }
  std::span<const Value> values() const { return values_; }

  // Refuses undefined tensors, which no operator of the engine takes.
  const Tensor& tensor(size_t i) const;
  std::span<const Tensor> tensors(size_t i) const;
  bool is_none(size_t i) const { return values_[i].is_none(); }
  Scalar scalar(size_t i) const { return values_[i].scalar(); }
  int64_t integer(size_t i) const { return values_[i].integer(); }
  double real(size_t i) const { return values_[i].real(); }
  bool boolean(size_t i) const { return values_[i].boolean(); }
  const Dims& integers(size_t i) const { return values_[i].integers(); }
  std::optional<DType> dtype(size_t i) const {
    return is_none(i) ? std::nullopt : std::optional<DType>(values_[i].dtype());
  }
  std::optional<Device> device(size_t i) const {
    return is_none(i) ? std::nullopt : std::optional<Device>(values_[i].device());
  }
  std::optional<MemoryFormat> memory_format(size_t i) const {
    return is_none(i) ? std::nullopt : std::optional<MemoryFormat>(values_[i].memory_format());
  }

 private:
  const Schema& schema_;
  std::span<const Value> values_;
};

}  // namespace engine::ops
