// What fake tensors cost: calls with and without the cache and with symbols, a check of guards, a conversion.
#include <memory>

#include "bench/bench_cases.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/fake/fake_mode.h"
#include "engine/fake/shapes/shape_env.h"
#include "engine/fallbacks/table.h"
#include "engine/ops/register_operators.h"

namespace bench {

namespace {

using engine::DType;
using engine::SymInt;
using engine::Tensor;
using engine::fake::FakeMode;
using engine::fake::ShapeEnv;

engine::Operator add_operator() {
  struct Engine {
    engine::Dispatcher dispatcher;
    engine::Registrations operators = engine::ops::register_operators(dispatcher);
    engine::Registrations fallbacks = engine::fallbacks::register_fallbacks(dispatcher);
  };
  static Engine engine;
  return engine.dispatcher.op("aten::add.Tensor");
}

void add_tensors(benchmark::State& state, const Tensor& a, const Tensor& b) {
  const engine::Operator op = add_operator();
  for (auto _ : state) {
    engine::Stack stack{a, b, engine::Value(1)};
    op.call_boxed(stack);
    benchmark::DoNotOptimize(stack);
  }
}

void add_fakes(benchmark::State& state, FakeMode& mode) {
  const Tensor a = engine::make_tensor(DType::f32, {4, 8}), b = engine::make_tensor(DType::f32, {4, 8});
  add_tensors(state, mode.fake_of(a), mode.fake_of(b));
}

// Products, remainders and limits of the sizes of 20 inputs of rank 3.
void check_guards(benchmark::State& state) {
  ShapeEnv shapes({.duck = false});
  std::vector<Tensor> inputs;
  std::vector<SymInt> sizes;
  for (int64_t i = 0; i < 20; ++i) {
    inputs.push_back(engine::make_tensor(DType::f32, {4 + i, 9 + i, 30 + i}, engine::DeviceType::meta));
    for (const SymInt& size : shapes.add_input(inputs.back()).sizes) sizes.push_back(size);
  }
  for (size_t i = 0; shapes.guards().size() < 100; ++i) {
    const SymInt &a = sizes[i % 60], &b = sizes[(7 * i + 1) % 60];
    benchmark::DoNotOptimize(a * b % SymInt(static_cast<int64_t>(2 + i % 5)) == SymInt(0));
    benchmark::DoNotOptimize(a < SymInt(static_cast<int64_t>(60 + i)));
    benchmark::DoNotOptimize(a + b == sizes[(i + 5) % 60]);
  }
  const engine::fake::GuardSet guards = shapes.guard_set();
  for (auto _ : state) benchmark::DoNotOptimize(guards.hold_for(inputs));
}

// 100 tensors in 50 storages.
void convert_module(benchmark::State& state) {
  for (auto _ : state) {
    state.PauseTiming();
    std::vector<Tensor> module;
    for (int i = 0; i < 50; ++i) {
      const Tensor whole = engine::make_tensor(DType::f32, {16, 16});
      module.push_back(whole);
      module.push_back(whole.view({256}, {1}, 0));
    }
    auto mode = std::make_unique<FakeMode>();
    state.ResumeTiming();
    for (const Tensor& tensor : module) benchmark::DoNotOptimize(mode->fake_of(tensor));
    state.PauseTiming();
    module.clear();
    state.ResumeTiming();
  }
}

}  // namespace

void add_fake_cases() {
  using benchmark::State;
  const auto add_case = [](std::string_view name, void (*run)(State&)) { add(name, "engine", run); };
  add_case("meta add", [](State& state) {
    const Tensor a = engine::make_tensor(DType::f32, {4, 8}, engine::DeviceType::meta);
    add_tensors(state, a, a);
  });
  add_case("fake add, from the cache", [](State& state) {
    FakeMode mode;
    add_fakes(state, mode);
  });
  add_case("fake add, not cached", [](State& state) {
    FakeMode mode({.caches_calls = false});
    add_fakes(state, mode);
  });
  add_case("fake add, symbolic sizes", [](State& state) {
    ShapeEnv shapes;
    FakeMode mode({.shapes = &shapes});
    add_fakes(state, mode);
  });
  add_case("check of 100 guards", check_guards);
  add_case("conversion of 100 tensors", convert_module);
}

}  // namespace bench
