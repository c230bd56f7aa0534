// Functors that change a whole row of f64 in place. A team works on a row, each member on every
// team.size()-th element: one member on the CPU, a block of threads on a GPU. max() and sum() combine a value
// of every member and return the result to every member.
#pragma once

#include <cmath>

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/math.h"

namespace engine::functors {

// exp(x - largest) / sum of these.
struct Softmax {
  template <class Team>
  ENGINE_DEVICE void operator()(Team& team, double* row, int64_t count) const {
    double largest = row[0];
    for (int64_t i = team.rank(); i < count; i += team.size()) largest = math::max(largest, row[i]);
    largest = team.max(largest);
    double sum = 0;
    for (int64_t i = team.rank(); i < count; i += team.size()) sum += row[i] = std::exp(row[i] - largest);
    sum = team.sum(sum);
    for (int64_t i = team.rank(); i < count; i += team.size()) row[i] /= sum;
  }
};
struct LogSoftmax {
  template <class Team>
  ENGINE_DEVICE void operator()(Team& team, double* row, int64_t count) const {
    double largest = row[0];
    for (int64_t i = team.rank(); i < count; i += team.size()) largest = math::max(largest, row[i]);
    largest = team.max(largest);
    double sum = 0;
    for (int64_t i = team.rank(); i < count; i += team.size()) sum += std::exp(row[i] - largest);
    const double log_sum = std::log(team.sum(sum));
    for (int64_t i = team.rank(); i < count; i += team.size()) row[i] = row[i] - largest - log_sum;
  }
};

using RowKernels = KernelList<Softmax, LogSoftmax>;

}  // namespace engine::functors
