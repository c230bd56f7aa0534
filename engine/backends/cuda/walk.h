// Walks: the parameters of a kernel, passed by value: which elements of memory belong to a thread's number.
// Plain data, filled on the host. Strides are in elements.
#pragma once

#include <cstddef>
#include <cstdint>

#include "engine/core/dtype.h"
#include "engine/core/int_span.h"
#include "engine/kernels/math.h"

namespace engine {

// Row-major positions in some sizes.
struct Positions {
  static constexpr int most_dims = 16;
  int rank = 0;
  int64_t count = 1;
  int64_t sizes[most_dims] = {};

  // Refuses, by Error(not_implemented), more than most_dims dimensions.
  static Positions of(IntSpan sizes);
};

// One tensor's strides along the positions' dimensions.
struct Steps {
  int64_t of[Positions::most_dims] = {};
  static Steps over(IntSpan strides);

  ENGINE_DEVICE int64_t place(const Positions& positions, int64_t position) const {
    int64_t at = 0;
    for (int d = positions.rank - 1; d >= 0; --d) {
      at += position % positions.sizes[d] * of[d];
      position /= positions.sizes[d];
    }
    return at;
  }
};

// A tensor under a walk.
struct WalkedTensor {
  std::byte* data = nullptr;
  DType dtype = DType::f32;
  int64_t width = 0;
  Steps steps = {};

  ENGINE_DEVICE std::byte* at(const Positions& positions, int64_t position) const {
    return data + steps.place(positions, position) * width;
  }
};

struct PointwiseWalk {
  static constexpr int most_operands = 4;
  struct Operand {
    WalkedTensor tensor;                    // without data for a number
    alignas(16) std::byte number[16] = {};  // of the compute type
    bool rounded = false;                   // to the common dtype
  };
  Positions positions = {};
  DType common = DType::f32;
  WalkedTensor out = {};
  Operand operands[most_operands] = {};
};

struct FoldWalk {
  Positions kept = {}, folded = {};
  WalkedTensor out = {}, self = {};  // over the kept dimensions
  Steps along = {};                  // of self, over the folded dimensions
  DType common = DType::f32;
  bool rounded = false;
};

struct RowWalk {
  Positions rows = {};
  int64_t size = 0;
  WalkedTensor out = {}, self = {};  // over the rows
  int64_t out_step = 0, self_step = 0;
  double* scratch = nullptr;  // all rows, contiguous
};

struct ProductWalk {
  int64_t m = 0, k = 0, n = 0;
  struct Matrix {
    std::byte* data = nullptr;
    DType dtype = DType::f32;
    int64_t row = 0, column = 0;  // bytes from one to the next
  } out = {}, a = {}, b = {};
};

struct GatherWalk {
  Positions positions = {};
  WalkedTensor out = {}, self = {}, index = {};  // self has stride 0 in the gathered dimension
  int64_t step = 0;                              // self's stride in it
};

}  // namespace engine
