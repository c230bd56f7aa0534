// Calls: keys, boxing and unboxing, redispatch, exceptions, observers.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/dispatch/dispatcher_hook.h"
#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/dispatch/refusals.h"
#include "engine/dispatch/trace.h"

namespace engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using enum DispatchKey;

constexpr const char* unary = "t::f(Tensor x) -> Tensor";

struct Calls : WithFallthroughs, testing::Test {
  void define_unary() {
    define(unary);
    implement("t::f", CPU, visiting("CPU"));
  }
  TypedOperator<Unary> f() { return dispatcher.op("t::f").typed<Unary>(); }
  ~Calls() override { take_visits(); }
};

TEST_F(Calls, PassLayersInOrder) {
  define_unary();
  implement("t::f", AutogradCPU, passing_on("autograd", AutogradCPU));
  implement("t::f", ZeroTensor, passing_on("zero", ZeroTensor));
  implement("t::f", Conjugate, passing_on("conj", Conjugate));
  const Tensor x = on(DeviceType::cpu);
  x.set_keys(x.keys() | KeySet{ZeroTensor, Conjugate});
  f().call(x);
  EXPECT_THAT(take_visits(), ElementsAre("autograd", "zero", "conj", "CPU"));
}

TEST_F(Calls, INV_17_BoxedAndTypedAgree) {
  define(
      "t::g(Tensor x, int n, float? s, int[] sizes, Tensor[] list, Tensor? maybe, str mode) -> (Tensor, "
      "int)");
  implement("t::g", CPU,
            kernel_of([](const Tensor& x, int64_t n, std::optional<double> s, IntSpan sizes, TensorSpan list,
                         const std::optional<Tensor>& maybe, std::string_view mode) {
              return std::tuple<Tensor, int64_t>(
                  x, n + static_cast<int64_t>(s.value_or(0)) + sizes[1] + static_cast<int64_t>(list.size()) +
                         (maybe ? 100 : 0) + static_cast<int64_t>(mode.size()));
            }));
  const Operator op = dispatcher.op("t::g");
  const Tensor x = on(DeviceType::cpu);
  const std::vector<Tensor> list{x, x};
  const auto typed =
      op.typed<std::tuple<Tensor, int64_t>(const Tensor&, int64_t, std::optional<double>, IntSpan, TensorSpan,
                                           const std::optional<Tensor>&, std::string_view)>();
  const auto [same, sum] = typed.call(x, 1, 2.0, {3, 4}, list, x, "abc");
  Stack stack{"below", x, 1, 2.0, std::vector<int64_t>{3, 4}, list, x, "abc"};
  op.call_boxed(stack);
  EXPECT_EQ(stack.size(), 3u);
  EXPECT_EQ(stack[0].string(), "below");  // INV-22
  EXPECT_TRUE(stack[1].tensor().is_same(same));
  EXPECT_EQ(stack[2].integer(), sum);
  EXPECT_EQ(sum, 1 + 2 + 4 + 2 + 100 + 3);
}

TEST_F(Calls, INV_17_WrittenTensorsKeepTheirIdentity) {
  define("t::add_(Tensor(a!) self, Tensor other) -> Tensor(a!)");
  define("t::minmax.out(Tensor self, *, Tensor(a!) low, Tensor(b!) high) -> (Tensor(a!), Tensor(b!))");
  implement("t::add_", CPU, boxed_kernel_of([](const Call&, Stack& stack) { stack.drop(1); }));
  implement("t::minmax.out", CPU, boxed_kernel_of([](const Call&, Stack& stack) {
              const Value high = stack.pop(), low = stack.pop();
              stack.drop(1);
              stack.push_back(low);
              stack.push_back(high);
            }));
  Tensor a = on(DeviceType::cpu), b = on(DeviceType::cpu);
  const auto add = dispatcher.op("t::add_").typed<Tensor&(Tensor&, const Tensor&)>();
  EXPECT_EQ(&add.call(a, b), &a);
  using Pair = std::tuple<Tensor&, Tensor&>;
  const auto minmax = dispatcher.op("t::minmax.out").typed<Pair(const Tensor&, Tensor&, Tensor&)>();
  const Pair both = minmax.call(a, a, b);
  EXPECT_EQ(&std::get<0>(both), &a);
  EXPECT_EQ(&std::get<1>(both), &b);
}

// Deviation written_tensor_is_returned, deviation result_count_is_checked.
TEST_F(Calls, WrongResultsOfABoxedKernelAreErrors) {
  define("t::g_(Tensor(a!) self) -> Tensor(a!)");
  implement("t::g_", CPU, boxed_kernel_of([](const Call&, Stack& stack) {
              stack.drop(1);
              stack.push_back(on(DeviceType::cpu));
            }));
  define("t::h(Tensor self) -> Tensor");
  implement("t::h", CPU, boxed_kernel_of([](const Call&, Stack& stack) { stack.push_back(1); }));
  Tensor a = on(DeviceType::cpu);
  EXPECT_THAT(error_of([&] { dispatcher.op("t::g_").typed<Tensor&(Tensor&)>().call(a); }),
              HasSubstr("returned a tensor other than the one that it should write"));
  EXPECT_THAT(error_of([&] { dispatcher.op("t::h").typed<Unary>().call(a); }),
              HasSubstr("returned 2 results, and the operator has 1"));
}

// c10 casts the kernel without a check if it is registered after the handle was made.
TEST_F(Calls, HandleWithDifferentSignatureIsCalledBoxed) {
  define_unary();
  const auto by_value = dispatcher.op("t::f").typed<Tensor(Tensor)>();
  const Tensor x = on(DeviceType::cpu);
  EXPECT_TRUE(by_value.call(x).is_same(x));
}

// Deviation generator_counts_boxed, deviation any_counts_boxed.
TEST_F(Calls, INV_06_BoxedAndTypedCallsUseTheSameKeys) {
  define("t::g(Generator? generator, Any thing, Tensor?[] list) -> int");
  for (DispatchKey key : {CPU, CUDA, Meta, CompositeExplicitAutograd})
    implement("t::g", key, kernel_of([key](const Generator&, const Value&, OptionalTensorSpan) {
                return static_cast<int64_t>(key);
              }));
  const Operator op = dispatcher.op("t::g");
  const auto typed = op.typed<int64_t(const Generator&, const Value&, OptionalTensorSpan)>();
  const auto same = [&](const Generator& g, const Value& any, const std::vector<std::optional<Tensor>>& list,
                        DispatchKey expected) {
    Stack stack{g, any, list};
    EXPECT_EQ(op.effective_keys(stack).highest_functionality(), functionality_of(expected));
    op.call_boxed(stack);
    EXPECT_EQ(name_of(static_cast<DispatchKey>(stack[0].integer())), name_of(expected));
    EXPECT_EQ(name_of(static_cast<DispatchKey>(typed.call(g, any, list))), name_of(expected));
  };
  const Generator generator = make_intrusive<GeneratorState>(Device(DeviceType::cuda));
  same(generator, {}, {}, CUDA);
  same({}, on(DeviceType::meta), {}, Meta);
  same({}, {}, {std::nullopt, on(DeviceType::cpu)}, CPU);
  same(generator, {}, {on(DeviceType::meta)}, Meta);
  same({}, {}, {}, CompositeExplicitAutograd);
}

TEST_F(Calls, INV_07_ExcludedKeyIsSkippedLikeAFallthrough) {
  define_unary();
  {
    const Registration traced = dispatcher.implement("t::f", Tracer, visiting("tracer"));
    const IncludeKeys include(Tracer);
    f().call(on(DeviceType::cpu));
    const ExcludeKeys exclude(Tracer);
    f().call(on(DeviceType::cpu));
  }
  const Registration fallthrough = dispatcher.implement("t::f", Tracer, Kernel::fallthrough());
  const IncludeKeys include(Tracer);
  f().call(on(DeviceType::cpu));
  EXPECT_THAT(take_visits(), ElementsAre("tracer", "CPU", "CPU"));
}

TEST_F(Calls, INV_18_RedispatchUsesTheGivenKeys) {
  define_unary();
  implement("t::f", ZeroTensor, visiting("zero"));
  const Tensor x = on(DeviceType::cpu);
  f().redispatch(KeySet{ZeroTensor, CPU}, x);
  {
    const IncludeKeys include(ZeroTensor);
    f().call(x);
  }
  EXPECT_THAT(take_visits(), ElementsAre("zero", "zero"));
}

// Deviation redispatch_passes_fallthrough, deviation mask_by_effective_backend.
TEST_F(Calls, INV_19_FallthroughIsNeverExecuted) {
  define_unary();
  implement("t::f", Meta, visiting("Meta"));
  implement("t::f", AutogradCPU, visiting("AutogradCPU"));
  implement("t::f", AutogradMeta, Kernel::fallthrough());
  const IncludeKeys include(Meta);
  f().call(on(DeviceType::cpu));
  f().redispatch(KeySet{AutogradMeta, CPU}, on(DeviceType::cpu));
  EXPECT_THAT(take_visits(), ElementsAre("Meta", "Meta"));
}

TEST_F(Calls, INV_09_UndefinedTensorsAndNoneReachDifferentAutogradSlots) {
  define("t::g(Tensor? x, Tensor y) -> ()");
  implement("t::g", CPU,
            kernel_of([](const std::optional<Tensor>&, const Tensor&) { visits().push_back("CPU"); }));
  implement("t::g", AutogradOther, passing_on("AutogradOther", AutogradOther));
  const auto op = dispatcher.op("t::g").typed<void(const std::optional<Tensor>&, const Tensor&)>();
  op.call(std::nullopt, on(DeviceType::cpu));
  op.call(Tensor(), on(DeviceType::cpu));
  EXPECT_THAT(take_visits(), ElementsAre("CPU", "AutogradOther", "CPU"));  // AutogradCPU falls through
}

TEST_F(Calls, AmbiguousAutogradOtherIsAnError) {
  define("t::g(Tensor x) -> Tensor");
  implement("t::g", CompositeImplicitAutograd, visiting("composite"));
  implement("t::g", QuantizedCPU, visiting("quantized"));
  EXPECT_THAT(error_of([&] { dispatcher.op("t::g").typed<Unary>().call(Tensor()); }),
              testing::AllOf(HasSubstr("InternalAssert"), HasSubstr("t::g is ambiguous at AutogradOther")));
}

// Deviation stack_on_error.
TEST_F(Calls, INV_22_ErrorLeavesStackAndKeysUnchanged) {
  define_unary();
  implement("t::f", AutogradCPU, boxed_kernel_of([](const Call& call, Stack& stack) {
              const BelowAutograd guard;
              const IncludeKeys include(Meta);
              call.op().redispatch_boxed(call.keys & KeySet::full_after(AutogradCPU), stack);
            }));
  implement("t::f", CPU, kernel_of([](const Tensor&) -> Tensor { throw Error("kernel"); }));
  const ThreadKeys before = thread_keys;
  Stack stack{7, on(DeviceType::cpu)};
  EXPECT_THROW(dispatcher.op("t::f").call_boxed(stack), Error);
  EXPECT_EQ(stack.size(), 2u);
  EXPECT_THROW(f().call(on(DeviceType::cpu)), Error);
  EXPECT_EQ(thread_keys, before);
}

struct Recording : Observer {
  void on_begin(const CallEvent&) override { visits().emplace_back("begin"); }
  void on_end(const CallEvent&, bool returned) override {
    visits().emplace_back(returned ? "end" : "raised");
  }
};

TEST_F(Calls, INV_21_ObserverSeesEachCallOnce) {
  define_unary();
  implement("t::f", AutogradCPU, passing_on("autograd", AutogradCPU));
  {
    const Registration observing = dispatcher.observe(std::make_shared<Recording>());
    f().call(on(DeviceType::cpu));
    EXPECT_THROW(f().call(on(DeviceType::meta)), NotImplemented);
  }
  f().call(on(DeviceType::cpu));
  EXPECT_THAT(take_visits(),
              ElementsAre("begin", "autograd", "CPU", "end", "begin", "raised", "autograd", "CPU"));
}

TEST_F(Calls, INV_21_TraceHasTheDepthOfNestedCalls) {
  define_unary();
  implement("t::f", AutogradCPU, passing_on("autograd", AutogradCPU));
  define("t::outer(Tensor x) -> Tensor");
  implement("t::outer", CPU, kernel_of([](const Call& call, const Tensor& x) {
              return call.dispatcher().op("t::f").typed<Unary>().call(x);
            }));
  const Trace trace(dispatcher);
  dispatcher.op("t::outer").typed<Unary>().call(on(DeviceType::cpu));
  EXPECT_THROW(f().call(on(DeviceType::meta)), NotImplemented);
  std::vector<std::string> calls;
  for (const CallEvent& call : trace.calls())
    calls.push_back(fmt::format("{} {} at {} [{}]", call.depth, call.entry.name(),
                                name_of(call.keys.highest_key()), name_of(call.reason)));
  EXPECT_THAT(calls, ElementsAre("0 t::outer at CPU [kernel]", "1 t::f at AutogradCPU [kernel]",
                                 "0 t::f at Meta [missing]"));
}

TEST_F(Calls, HookSeesEveryLayer) {
  for (Registration& each : dispatcher.fallback(PythonDispatcher, python_dispatcher_fallback()))
    keep(std::move(each));
  define_unary();
  implement("t::f", AutogradCPU, passing_on("autograd", AutogradCPU));
  struct Hook : DispatcherHook {
    void intercept(const Call& call, Stack& stack) override {
      KeySet keys = call.keys;
      call.entry.settled_kernel_at(keys);
      const DispatchKey key = keys.highest_key();
      visits().push_back("hook at " + std::string(name_of(key)));
      if (key == CPU) return call.op().redispatch_boxed(keys, stack);
      call.op().redispatch_boxed(keys.add(PythonDispatcher) & KeySet::full_after(key), stack);
    }
  } hook;
  const ThreadKeys before = thread_keys;
  {
    const HookGuard guard(hook);
    f().call(on(DeviceType::cpu));
  }
  EXPECT_EQ(thread_keys, before);
  EXPECT_THAT(take_visits(), ElementsAre("hook at AutogradCPU", "hook at CPU", "CPU"));
  const IncludeKeys include(PythonDispatcher);
  EXPECT_THAT(error_of([&] { f().call(on(DeviceType::cpu)); }), HasSubstr("without a hook"));
}

}  // namespace
}  // namespace engine
