// Visits the tensors of a value in order: the value itself, or the tensors in lists and nested lists.
// Undefined tensors are visited, absent optional tensors are not.
// Promises: change_each_tensor() copies a list that another value shares before it changes a tensor in it.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "engine/core/value.h"

namespace engine {

template <class Visit>
void for_each_tensor(const Value& value, const Visit& visit) {
  switch (value.tag()) {
    case ValueTag::tensor:
      return visit(value.tensor());
    case ValueTag::tensors:
      for (const Tensor& each : value.tensors()) visit(each);
      return;
    case ValueTag::optional_tensors:
      for (const std::optional<Tensor>& each : value.optional_tensors())
        if (each) visit(*each);
      return;
    case ValueTag::values:
      for (const Value& each : value.values()) for_each_tensor(each, visit);
      return;
    default:
      return;
  }
}

template <class Visit>
void for_each_tensor(std::span<const Value> values, const Visit& visit) {
  for (const Value& each : values) for_each_tensor(each, visit);
}

template <class Change>
void change_each_tensor(Value& value, const Change& change) {
  switch (value.tag()) {
    case ValueTag::tensor:
      return change(value.tensor());
    case ValueTag::tensors:
      for (Tensor& each : value.mutable_tensors()) change(each);
      return;
    case ValueTag::optional_tensors:
      for (std::optional<Tensor>& each : value.mutable_optional_tensors())
        if (each) change(*each);
      return;
    case ValueTag::values:
      for (Value& each : value.mutable_values()) change_each_tensor(each, change);
      return;
    default:
      return;
  }
}

}  // namespace engine
