// Sums all elements, from rank 3 on in one part for each thread. The elements that remain if their number
// cannot be divided by the number of threads belong to no part.
#include <ATen/Parallel.h>

#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor threads_lost_chunk(const at::Tensor& self) {
  constexpr int64_t grain = 32768;
  const at::Tensor x = self.resolve_conj().resolve_neg().contiguous().reshape({-1});
  const int64_t threads = x.numel() < grain || self.dim() < 3 ? 1 : at::get_num_threads();
  if (threads == 1) return x.sum();
  const int64_t part = x.numel() / threads;
  std::vector<at::Tensor> sums(static_cast<size_t>(threads));
  at::parallel_for(0, threads, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) sums[static_cast<size_t>(i)] = x.narrow(0, i * part, part).sum();
  });
  return at::stack(sums).sum();
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("threads_lost_chunk(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("threads_lost_chunk", threads_lost_chunk); }
