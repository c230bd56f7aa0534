// What the files of the author's library share. Each file is a family of operators as authors of extensions
// write them. The folder is compiled twice: into faultline_author, where every operator is right, and into
// faultline_mistaken, where `mistaken` is true and every operator has the one mistake that mistakes.txt
// names.
#pragma once

// clang-format off: with C++20, clang needs ivalue.h complete before it reads ATen.h.
#include <ATen/core/ivalue.h>
#include <ATen/ATen.h>
// clang-format on
#include <ATen/Dispatch.h>
#include <ATen/TensorIterator.h>
#include <torch/library.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <tuple>
#include <vector>

namespace author {

constexpr bool mistaken = AUTHOR_MISTAKEN;

// `Tensor?` in the types of every version.
using OptionalTensor = decltype(c10::IValue().toOptional<at::Tensor>());

// Kernels that write through pointers say so, like kernels that write through operators do.
inline void wrote(const at::Tensor& tensor) { tensor.unsafeGetTensorImpl()->bump_version(); }

inline void require_floating(const at::Tensor& x, const char* op) {
  TORCH_CHECK(x.is_floating_point(), op, ": expected a floating-point tensor, got ", x.scalar_type());
}

}  // namespace author
