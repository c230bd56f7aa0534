#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

#include "bench/cases.h"
#include "bench/torch/torch_kernels.h"

namespace bench {

using at::Tensor;

namespace {

c10::OperatorHandle op(const char* name) { return c10::Dispatcher::singleton().findSchemaOrThrow(name, ""); }

void run_typed1(benchmark::State& state, const char* name) {
  const auto typed = op(name).typed<Tensor(const Tensor&)>();
  const Tensor a = at::ones({1});
  for (auto _ : state) benchmark::DoNotOptimize(typed.call(a));
}

void run_boxed(benchmark::State& state, const char* name, int arguments) {
  const c10::OperatorHandle handle = op(name);
  const Tensor tensors[] = {at::ones({1}), at::ones({1}), at::ones({1})};
  c10::Stack stack;
  for (auto _ : state) {
    stack.clear();
    for (int i = 0; i < arguments; ++i) stack.emplace_back(tensors[i]);
    handle.callBoxed(&stack);
    benchmark::DoNotOptimize(stack);
  }
}

void typed_void_1(benchmark::State& state) {
  const auto typed = op("probe::void1").typed<void(const Tensor&)>();
  const Tensor a = at::ones({1});
  for (auto _ : state) typed.call(a);
}

void typed_3(benchmark::State& state) {
  const auto typed = op("probe::nop3").typed<Tensor(const Tensor&, const Tensor&, const Tensor&)>();
  const Tensor a = at::ones({1}), b = at::ones({1}), c = at::ones({1});
  for (auto _ : state) benchmark::DoNotOptimize(typed.call(a, b, c));
}

void register_and_drop(benchmark::State& state) {
  for (auto _ : state) {
    torch::Library library(torch::Library::IMPL, "probe", c10::DispatchKey::CPU, __FILE__, __LINE__);
    library.impl("registered", another_torch_kernel());
  }
}

void define_and_drop(benchmark::State& state) {
  for (auto _ : state) {
    torch::Library library(torch::Library::FRAGMENT, "probe", c10::nullopt, __FILE__, __LINE__);
    library.def("fresh(Tensor a) -> Tensor");
  }
}

void lookup(benchmark::State& state) {
  for (auto _ : state)
    benchmark::DoNotOptimize(c10::Dispatcher::singleton().findSchema({"aten::add", "Tensor"}));
}

}  // namespace

void add_torch_cases() {
  constexpr const char* subject = "c10";
  add("typed void, 1 tensor", subject, typed_void_1);
  add("typed, 1 tensor", subject, [](benchmark::State& s) { run_typed1(s, "probe::nop1"); });
  add("typed, 3 tensors", subject, typed_3);
  add("typed, autograd falls through", subject,
      [](benchmark::State& s) { run_typed1(s, "probe::fallthrough1"); });
  add("typed, redispatched once", subject, [](benchmark::State& s) { run_typed1(s, "probe::redispatch1"); });
  add("typed call of a boxed kernel", subject, [](benchmark::State& s) { run_typed1(s, "probe::boxed1"); });
  add("boxed call of a typed kernel, 1 tensor", subject,
      [](benchmark::State& s) { run_boxed(s, "probe::nop1", 1); });
  add("boxed call of a typed kernel, 3 tensors", subject,
      [](benchmark::State& s) { run_boxed(s, "probe::nop3", 3); });
  add("boxed call of a boxed kernel", subject, [](benchmark::State& s) { run_boxed(s, "probe::boxed1", 1); });
  add("register a kernel and drop it", subject, register_and_drop);
  add("define an operator and drop it", subject, define_and_drop);
  add("look up by name", subject, lookup);
}

}  // namespace bench
