// Operators: libtorch's operators, as a catalog for drawing and as handles for calling. Promises: both are
// sorted by name and never change after construction. Libraries that are loaded later are not included.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>

#include <string_view>
#include <unordered_map>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/layers.h"

namespace oracles::aten {

// The dispatch key of a layer that has one.
c10::DispatchKey key_of(const corpora::LayerRow& row);

using TypedCall = void (*)(const c10::OperatorHandle& handle, torch::jit::Stack& stack);

struct BoundOperator {
  c10::OperatorHandle handle;
  const corpora::Operator* declared = nullptr;
  size_t argument_count() const { return declared->schema.arguments.size(); }
  TypedCall typed = nullptr;  // nullptr: no typed call for this C++ signature
  bool callable = true;       // false: takes or returns a variable number of values
  bool composite = false;     // its autograd-level kernel is made of other operators
  bool own_meta = false;      // a kernel registered for Meta itself
  // ... but calls reach it only below autograd, because nothing serves AutogradMeta. PyTorch 1.13 has no
  // fallback there, so this holds for libraries that register nothing for autograd.
  bool meta_below_autograd = false;
  bool own_python = false;      // a kernel registered for Python itself
  bool meta_missing = false;    // nothing serves Meta, not even a composite kernel
  bool meta_in_python = false;  // PyTorch's Meta kernel is written in Python, and this process has no Python
  bool own_functional = false;  // a kernel registered for Functionalize itself
  bool own_batched = false;     // a batching rule
  c10::DispatchKeySet own;  // keys that mark views with a registration of its own: a kernel or a fallthrough
};

class Operators {
 public:
  // With tensors on the device of this key.
  explicit Operators(c10::DispatchKeySet backend);

  const corpora::Catalog& catalog() const { return catalog_; }
  // A line for each operator whose schema Faultline rejects and libtorch accepts.
  const std::vector<std::string>& left_out() const { return left_out_; }
  const BoundOperator* find(std::string_view qualified) const;
  const BoundOperator* find(const c10::OperatorHandle& handle) const;  // by the address of its name
  // Whether the program calls an operator that libtorch did not register.
  bool by_authors(const corpora::Case& c) const;

 private:
  corpora::Catalog catalog_;
  std::vector<BoundOperator> bound_;
  std::vector<std::string> left_out_;
  std::unordered_map<std::string_view, uint32_t> by_name_;
  std::unordered_map<const c10::OperatorName*, uint32_t> by_identity_;
};

}  // namespace oracles::aten
