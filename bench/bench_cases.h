// The cases as templates, so that both dispatchers run the same code under the same names. A dispatcher is a
// class D with the types Tensor and Stack and these static functions:
//   one()                                            a tensor of one element
//   op(name), typed<Signature>(name)                 handles; a typed handle has call(...)
//   push(stack, tensor), call_boxed(op, stack)
//   register_and_drop(), define_and_drop(), find()   one step of each case without a call
//   reclaim()                                        releases what the steps left
// Kernels are in a translation unit of their own, as in a real operator library.
#pragma once

#include <benchmark/benchmark.h>

#include <string_view>

namespace bench {

// Registers a benchmark "case/dispatcher". Implemented by each program: main.cpp and count_main.cpp.
void add(std::string_view name, std::string_view dispatcher, void (*run)(benchmark::State&));

void add_engine_cases();
void add_fake_cases();   // fake tensors of the engine
void add_fuser_cases();  // groups of operators of the engine
void add_torch_cases();  // none in a build without libtorch

template <class D>
void typed_void(benchmark::State& state) {
  using Tensor = typename D::Tensor;
  const auto op = D::template typed<void(const Tensor&)>("probe::void1");
  const Tensor a = D::one();
  for (auto _ : state) op.call(a);
}

template <class D>
void typed_1(benchmark::State& state, const char* name) {
  using Tensor = typename D::Tensor;
  const auto op = D::template typed<Tensor(const Tensor&)>(name);
  const Tensor a = D::one();
  for (auto _ : state) benchmark::DoNotOptimize(op.call(a));
}

template <class D>
void typed_3(benchmark::State& state) {
  using Tensor = typename D::Tensor;
  const auto op = D::template typed<Tensor(const Tensor&, const Tensor&, const Tensor&)>("probe::nop3");
  const Tensor a = D::one(), b = D::one(), c = D::one();
  for (auto _ : state) benchmark::DoNotOptimize(op.call(a, b, c));
}

template <class D>
void boxed(benchmark::State& state, const char* name, int arguments) {
  const auto op = D::op(name);
  const typename D::Tensor tensors[] = {D::one(), D::one(), D::one()};
  typename D::Stack stack;
  for (auto _ : state) {
    stack.clear();
    for (int i = 0; i < arguments; ++i) D::push(stack, tensors[i]);
    D::call_boxed(op, stack);
    benchmark::DoNotOptimize(stack);
  }
}

template <class D>
void add_cases(std::string_view dispatcher) {
  using benchmark::State;
  const auto add = [&](std::string_view name, void (*run)(State&)) { bench::add(name, dispatcher, run); };
  add("typed void, 1 tensor", typed_void<D>);
  add("typed, 1 tensor", [](State& s) { typed_1<D>(s, "probe::nop1"); });
  add("typed, 3 tensors", typed_3<D>);
  add("typed, autograd falls through", [](State& s) { typed_1<D>(s, "probe::fallthrough1"); });
  add("typed, redispatched once", [](State& s) { typed_1<D>(s, "probe::redispatch1"); });
  add("typed call of a boxed kernel", [](State& s) { typed_1<D>(s, "probe::boxed1"); });
  add("boxed call of a typed kernel, 1 tensor", [](State& s) { boxed<D>(s, "probe::nop1", 1); });
  add("boxed call of a typed kernel, 3 tensors", [](State& s) { boxed<D>(s, "probe::nop3", 3); });
  add("boxed call of a boxed kernel", [](State& s) { boxed<D>(s, "probe::boxed1", 1); });
  add("register a kernel and drop it", [](State& s) {
    for (auto _ : s) D::register_and_drop();
    D::reclaim();
  });
  add("define an operator and drop it", [](State& s) {
    for (auto _ : s) D::define_and_drop();
    D::reclaim();
  });
  add("look up by name", [](State& s) {
    for (auto _ : s) benchmark::DoNotOptimize(D::find());
  });
}

}  // namespace bench
