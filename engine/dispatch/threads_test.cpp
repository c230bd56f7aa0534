// Registering while other threads call. ThreadSanitizer must find nothing here.
#include <gtest/gtest.h>

#include <thread>

#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/dispatch/refusals.h"
#include "engine/dispatch/table_text.h"
#include "engine/dispatch/trace.h"

namespace engine {
namespace {

using enum DispatchKey;

// c10 has a data race here by design.
TEST(Threads, INV_114_RegisteringWhileOthersCall) {
  WithFallthroughs f;
  f.define("t::f(Tensor x) -> Tensor");
  f.implement("t::f", CompositeExplicitAutograd, kernel_of([](const Tensor& x) { return x; }));
  const Kernel fallthrough = Kernel::fallthrough();
  f.keep(f.dispatcher.implement("t::f", Tracer, fallthrough));
  std::atomic<bool> done{false};
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      const Operator op = f.dispatcher.op("t::f");
      const auto typed = op.typed<Unary>();
      const Tensor x = on(DeviceType::cpu);
      const IncludeKeys mine(Tracer);
      while (!done) {
        EXPECT_TRUE(typed.call(x).is_same(x));
        Stack stack{x};
        op.call_boxed(stack);
        EXPECT_TRUE(stack[0].tensor().is_same(x));
        EXPECT_TRUE(f.dispatcher.find("t::f"));
      }
    });
  for (int round = 0; round < 300; ++round) {
    const Registration cpu = f.dispatcher.implement(
        "t::f", CPU, kernel_of([round](const Tensor& x) { return round >= 0 ? x : Tensor(); }));
    const Registrations fallback = f.dispatcher.fallback(Tracer, fallthrough);
    const Registration autograd = f.dispatcher.implement("t::f", AutogradCPU, fallthrough);
    const Registration other = f.dispatcher.define("t::n" + std::to_string(round) + "(Tensor x) -> Tensor");
    const Trace trace(f.dispatcher);
    EXPECT_FALSE(table_text(f.dispatcher.op("t::f").entry()).empty());
  }
  done = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(f.dispatcher.table_faults().empty());
  f.dispatcher.reclaim();
}

}  // namespace
}  // namespace engine
