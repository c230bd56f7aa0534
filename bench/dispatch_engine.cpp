#include "bench/cases.h"
#include "bench/engine_kernels.h"

namespace bench {

using engine::Dispatcher;
using engine::DispatchKey;
using engine::Operator;
using engine::Stack;
using engine::Tensor;

namespace {

struct Probe {
  Dispatcher dispatcher;
  engine::Registrations registrations;
  Probe() { register_engine_kernels(dispatcher, registrations); }
};

Dispatcher& dispatcher() {
  static Probe probe;
  return probe.dispatcher;
}

Tensor one() { return engine::make_tensor(engine::DType::f32, {1}); }

template <class Signature>
auto typed(const char* name) {
  return dispatcher().op(name).typed<Signature>();
}

void run_typed1(benchmark::State& state, const char* name) {
  const auto op = typed<Tensor(const Tensor&)>(name);
  const Tensor a = one();
  for (auto _ : state) benchmark::DoNotOptimize(op.call(a));
}

void run_boxed(benchmark::State& state, const char* name, int arguments) {
  const Operator op = dispatcher().op(name);
  const Tensor tensors[] = {one(), one(), one()};
  Stack stack;
  for (auto _ : state) {
    stack.clear();
    for (int i = 0; i < arguments; ++i) stack.push_back(tensors[i]);
    op.call_boxed(stack);
    benchmark::DoNotOptimize(stack);
  }
}

void typed_void_1(benchmark::State& state) {
  const auto op = typed<void(const Tensor&)>("probe::void1");
  const Tensor a = one();
  for (auto _ : state) op.call(a);
}

void typed_3(benchmark::State& state) {
  const auto op = typed<Tensor(const Tensor&, const Tensor&, const Tensor&)>("probe::nop3");
  const Tensor a = one(), b = one(), c = one();
  for (auto _ : state) benchmark::DoNotOptimize(op.call(a, b, c));
}

void register_and_drop(benchmark::State& state) {
  for (auto _ : state)
    dispatcher().implement("probe::registered", DispatchKey::CPU, another_kernel()).reset();
  dispatcher().reclaim();
}

void define_and_drop(benchmark::State& state) {
  for (auto _ : state) dispatcher().define("probe::fresh(Tensor a) -> Tensor").reset();
  dispatcher().reclaim();
}

void lookup(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(dispatcher().find("aten::add.Tensor"));
}

}  // namespace

void add_engine_cases() {
  constexpr const char* subject = "engine";
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
