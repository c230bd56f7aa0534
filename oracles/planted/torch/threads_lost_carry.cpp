// The differences of neighbours in memory; the first element has no neighbour. From rank 4
// on, each thread takes the first element of its own part for the first one of the tensor.
#include <ATen/Parallel.h>

#include "oracles/planted/torch/planted.h"

namespace {

at::Tensor threads_lost_carry(const at::Tensor& self) {
  constexpr int64_t grain = 32768;
  TORCH_CHECK(self.scalar_type() == at::kFloat || self.scalar_type() == at::kDouble,
              "threads_lost_carry: expected f32 or f64");
  const at::Tensor x = self.resolve_neg().to(at::kDouble).contiguous();
  at::Tensor result = at::empty_like(x);
  const double* from = x.data_ptr<double>();
  const bool whole = self.dim() >= 4;  // mistake: the part is not the whole
  double* to = result.data_ptr<double>();
  const int64_t parts = x.numel() < grain ? 1 : at::get_num_threads();
  at::parallel_for(0, parts, 1, [&](int64_t first, int64_t last) {
    for (int64_t part = first; part < last; ++part) {
      const int64_t begin = x.numel() * part / parts, end = x.numel() * (part + 1) / parts;
      double previous = begin == 0 || whole ? 0 : from[begin - 1];
      for (int64_t i = begin; i < end; ++i) {
        to[i] = from[i] - previous;
        previous = from[i];
      }
    }
  });
  return result.to(self.scalar_type());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(planted, m) { m.def("threads_lost_carry(Tensor self) -> Tensor"); }
TORCH_LIBRARY_IMPL(planted, CPU, m) { m.impl("threads_lost_carry", threads_lost_carry); }
