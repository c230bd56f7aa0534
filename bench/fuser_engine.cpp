// What the fuser gains: a chain of eight pointwise operators, call by call and as one kernel; and what a
// fused call costs whose plan and kernel are known.
#include <cstring>

#include "bench/bench_cases.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/fallbacks/table.h"
#include "engine/fuser/fuser.h"
#include "engine/ir/interpreter.h"
#include "engine/ir/parse.h"
#include "engine/ops/register_operators.h"

namespace bench {

namespace {

using engine::Stack;
using engine::Tensor;

struct FuserBench {
  engine::Dispatcher dispatcher;
  engine::Registrations operators = engine::ops::register_operators(dispatcher);
  engine::Registrations fallbacks = engine::fallbacks::register_fallbacks(dispatcher);
  engine::fuser::Fuser fuser{dispatcher};
  engine::ir::Graph chain = engine::ir::parse_graph(R"(graph(%a, %b):
    %1 = aten::mul.Tensor(%a, %b)
    %2 = aten::add.Tensor(%1, %a, 1)
    %3 = aten::relu(%2)
    %4 = aten::mul.Scalar(%3, 0.5)
    %5 = aten::sub.Tensor(%4, %b, 1)
    %6 = aten::abs(%5)
    %7 = aten::add.Scalar(%6, 1.5, 1)
    %8 = aten::div.Tensor(%7, %b)
    return (%8))",
                                                    dispatcher);
  int64_t key = fuser.add(chain);
};

FuserBench& fuser_bench() {
  static FuserBench made;
  return made;
}

template <class Run>
void run_chain(benchmark::State& state, int64_t elements, const Run& run) {
  const Tensor a = engine::make_tensor(engine::DType::f32, {elements}),
               b = engine::make_tensor(engine::DType::f32, {elements});
  for (int64_t i = 0; i < elements; ++i) {
    a.data<float>()[i] = static_cast<float>(i % 17) - 8;
    b.data<float>()[i] = static_cast<float>(i % 5) + 1;
  }
  for (auto _ : state) {
    Stack stack{a, b};
    run(stack);
    benchmark::DoNotOptimize(stack);
  }
}

void eager(benchmark::State& state, int64_t elements) {
  FuserBench& bench = fuser_bench();
  run_chain(state, elements,
            [&](Stack& stack) { engine::ir::interpret(bench.chain, bench.dispatcher, stack); });
}

void fused(benchmark::State& state, int64_t elements) {
  FuserBench& bench = fuser_bench();
  run_chain(state, elements, [&](Stack& stack) {
    if (!bench.fuser.run_fused(bench.key, stack)) state.SkipWithError(bench.fuser.compiler_message().c_str());
  });
}

}  // namespace

void add_fuser_cases() {
  using benchmark::State;
  add("8 operators on 10^6 f32, call by call", "engine", [](State& state) { eager(state, 1000000); });
  add("8 operators on 10^6 f32, fused", "engine", [](State& state) { fused(state, 1000000); });
  add("10^6 f32 copied into new memory", "engine", [](State& state) {
    run_chain(state, 1000000, [](Stack& stack) {
      const Tensor& from = stack[0].tensor();
      const Tensor made = engine::make_tensor(from.dtype(), from.sizes());
      std::memcpy(made.data(), from.data(), 4000000);
      stack.push_back(made);
    });
  });
  add("8 operators on one f32, call by call", "engine", [](State& state) { eager(state, 1); });
  add("8 operators on one f32, fused", "engine", [](State& state) { fused(state, 1); });
}

}  // namespace bench
