// What all planted operators include. Each .cpp is one operator: a right kernel with a bug that is common in
// real libraries and shows only on rare inputs: at least four in five drawn cases agree.
// oracles/planted/planted.cpp lists them with the oracle that must find each.
#pragma once

// clang-format off: with C++20, clang needs ivalue.h complete before it reads ATen.h.
#include <ATen/core/ivalue.h>
#include <ATen/ATen.h>
// clang-format on
#include <ATen/native/Resize.h>
#include <torch/library.h>

// Real zeros with the geometry of `like`, which may be a ZeroTensor.
inline at::Tensor real_zeros_like(const at::Tensor& like) {
  int64_t elements = 1;
  for (int64_t d = 0; d < like.dim(); ++d) elements += (like.size(d) - 1) * like.stride(d);
  const auto options = like.options();
  return at::zeros({like.numel() == 0 ? 0 : elements}, options).as_strided(like.sizes(), like.strides());
}
