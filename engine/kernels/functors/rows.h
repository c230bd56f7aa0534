// Functors of a whole row, in f64, changed where it stands. A team works on it, each member on every
// team.size()-th element: one alone on the CPU, a block of threads on a GPU. What a member tells the team by
// max or sum, all have told before any goes on.
#pragma once

#include <cmath>

#include "engine/kernels/functors/kernel_list.h"
#include "engine/kernels/math.h"

namespace engine::functors {

// Exponentials of differences to the largest, over their sum.
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
