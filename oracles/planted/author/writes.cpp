// Operators that write their arguments: in place, lists, counters, through pointers.
#include "oracles/planted/author/author.h"

namespace author {

void scale_all_(at::TensorList xs, double by) {
  for (const at::Tensor& x : xs) TORCH_CHECK(x.scalar_type() == at::kFloat, "scale_all_: expected f32");
  for (at::Tensor x : xs) {
    if (mistaken && x.numel() > 1) {  // mistake: ignores strides
      for (int64_t i = 0;
           i < x.numel() && i < static_cast<int64_t>(x.storage().nbytes() / 4) - x.storage_offset(); ++i)
        x.data_ptr<float>()[i] *= static_cast<float>(by);
      wrote(x);
      continue;
    }
    x.mul_(by);
  }
}

std::vector<at::Tensor> scaled_all(at::TensorList xs, double by) {
  for (const at::Tensor& x : xs) TORCH_CHECK(x.scalar_type() == at::kFloat, "scaled_all: expected f32");
  std::vector<at::Tensor> results;
  // Mistake: returns an argument itself if there is nothing to do.
  for (const at::Tensor& x : xs) results.push_back(mistaken && by == 1 ? x : x * by);
  return results;
}

// Adds one to the counter and returns x scaled by it.
at::Tensor count_calls(const at::Tensor& x, at::Tensor& counter) {
  TORCH_CHECK(counter.numel() == 1 && counter.scalar_type() == at::kLong, "count_calls: expected one int64");
  TORCH_CHECK(x.scalar_type() == at::kFloat, "count_calls: expected f32");
  if (mistaken) {  // mistake: the counter is declared as written, and never written
    return x * (counter + 1).to(at::kFloat).reshape({});
  }
  counter.add_(1);
  return x * counter.to(at::kFloat).reshape({});
}

// Fills through a pointer.
at::Tensor& fill_through_pointer_(at::Tensor& x, double value) {
  TORCH_CHECK(x.scalar_type() == at::kFloat && x.is_contiguous(),
              "fill_through_pointer_: expected a contiguous tensor of f32");
  std::fill_n(x.data_ptr<float>(), x.numel(), static_cast<float>(value));
  if (!mistaken) wrote(x);  // mistake: does not bump the version
  return x;
}

// Clamps in place.
at::Tensor& clamp_small_(at::Tensor& x, double limit) {
  TORCH_CHECK(x.scalar_type() == at::kFloat, "clamp_small_: expected f32");
  if (mistaken) x.clamp_min_(limit);  // mistake: written before the arguments are checked
  TORCH_CHECK(limit >= 0, "clamp_small_: expected a limit of at least 0");
  return x.clamp_min_(limit);
}

// Returns the written tensor itself.
at::Tensor& negate_(at::Tensor& x) {
  TORCH_CHECK(x.scalar_type() != at::kBool, "negate_: expected numbers");
  return x.neg_();
}
void negate_boxed(const c10::OperatorHandle&, torch::jit::Stack* stack) {
  at::Tensor x = torch::jit::pop(*stack).toTensor();
  negate_(x);
  stack->emplace_back(mistaken && x.dim() > 1 ? x.clone() : x);  // mistake: the boxed kernel returns a copy
}

}  // namespace author

TORCH_LIBRARY_FRAGMENT(author, m) {
  m.def("scale_all_(Tensor(a!)[] xs, float by) -> ()");
  m.def("scaled_all(Tensor[] xs, float by=1.0) -> Tensor[]");
  m.def("count_calls(Tensor x, Tensor(a!) counter) -> Tensor");
  m.def("fill_through_pointer_(Tensor(a!) x, float value) -> Tensor(a!)");
  m.def("clamp_small_(Tensor(a!) x, float limit) -> Tensor(a!)");
  m.def("negate_(Tensor(a!) x) -> Tensor(a!)");
}
TORCH_LIBRARY_IMPL(author, CPU, m) {
  m.impl("scale_all_", author::scale_all_);
  m.impl("scaled_all", author::scaled_all);
  m.impl("count_calls", author::count_calls);
  m.impl("fill_through_pointer_", author::fill_through_pointer_);
  m.impl("clamp_small_", author::clamp_small_);
  m.impl("negate_", torch::CppFunction::makeFromBoxedFunction<&author::negate_boxed>());
}
