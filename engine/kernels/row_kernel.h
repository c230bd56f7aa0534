// RowKernel: a functor of a whole row (functors/rows.h).
#pragma once

#include <cstdint>

#include "engine/kernels/functors/kernel_list.h"

namespace engine {

// The team of the CPU: one member.
struct Alone {
  static int64_t rank() { return 0; }
  static int64_t size() { return 1; }
  static double max(double x) { return x; }
  static double sum(double x) { return x; }
};

struct RowKernel {
  void (*row)(double* row, int64_t count) = nullptr;
  const void* functor = nullptr;  // its tag
};

template <class Row>
RowKernel row_kernel() {
  return {[](double* row, int64_t count) {
            Alone team;
            Row{}(team, row, count);
          },
          functor_tag<Row>()};
}

}  // namespace engine
