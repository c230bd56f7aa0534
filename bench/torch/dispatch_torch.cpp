#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include "bench/bench_cases.h"
#include "bench/torch/torch_kernels.h"

namespace bench {

namespace {

struct C10 {
  using Tensor = at::Tensor;
  using Stack = c10::Stack;

  static Tensor one() { return at::ones({1}); }
  static c10::OperatorHandle op(const char* name) {
    return c10::Dispatcher::singleton().findSchemaOrThrow(name, "");
  }
  template <class Signature>
  static auto typed(const char* name) {
    return op(name).typed<Signature>();
  }
  static void push(Stack& stack, const Tensor& tensor) { stack.emplace_back(tensor); }
  static void call_boxed(const c10::OperatorHandle& op, Stack& stack) { op.callBoxed(&stack); }

  static void register_and_drop() {
    torch::Library library(torch::Library::IMPL, "probe", c10::DispatchKey::CPU, __FILE__, __LINE__);
    library.impl("registered", another_torch_kernel());
  }
  static void define_and_drop() {
    torch::Library library(torch::Library::FRAGMENT, "probe", c10::nullopt, __FILE__, __LINE__);
    library.def("fresh(Tensor a) -> Tensor");
  }
  static void reclaim() {}
  static auto find() { return c10::Dispatcher::singleton().findSchema({"aten::add", "Tensor"}); }
};

}  // namespace

void add_torch_cases() {
  add_cases<C10>("c10");
  add("meta add", "c10", [](benchmark::State& state) {
    const at::Tensor a = at::empty({4, 8}, at::device(at::kMeta));
    for (auto _ : state) benchmark::DoNotOptimize(at::add(a, a));
  });
}

}  // namespace bench
