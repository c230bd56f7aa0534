// Which kernel an operator has at a key: rows observed on libtorch, and laws of tables.
#include "engine/dispatch/resolution.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/dispatch/refusals.h"
#include "engine/dispatch/table_text.h"

namespace engine {
namespace {

using enum DispatchKey;

constexpr std::array<DispatchKey, 8> columns{CPU,           AutogradCPU, Meta, AutogradMeta,
                                             AutogradOther, Undefined,   XLA,  SparseCPU};

struct Row {
  std::vector<DispatchKey> registered;
  std::array<Reason, 8> reasons;  // at the columns
};
constexpr Reason own = Reason::kernel, math = Reason::composite_implicit, all = Reason::composite_explicit,
                 functional = Reason::composite_explicit_non_functional, fall = Reason::backend_fallback,
                 none = Reason::missing, grad = Reason::autograd, torn = Reason::ambiguous_autograd_other;

class ResolutionRows : public testing::TestWithParam<Row> {};

TEST_P(ResolutionRows, AgreeWithPyTorch) {
  Dispatcher dispatcher;
  Registrations kept;
  for (DispatchKey key : {AutogradCPU, AutogradOther})
    for (Registration& each : dispatcher.fallback(key, Kernel::fallthrough()))
      kept.push_back(std::move(each));
  kept.push_back(dispatcher.define("t::f(Tensor x) -> Tensor"));
  for (DispatchKey key : GetParam().registered)
    kept.push_back(dispatcher.implement("t::f", key, visiting(std::string(name_of(key)))));
  for (size_t i = 0; i < columns.size(); ++i)
    EXPECT_EQ(name_of(dispatcher.op("t::f").reason_at(columns[i])), name_of(GetParam().reasons[i]))
        << name_of(columns[i]);
}

INSTANTIATE_TEST_SUITE_P(
    Observed, ResolutionRows,
    testing::Values(
        Row{{}, {none, fall, none, none, fall, none, none, none}},
        Row{{CompositeImplicitAutograd}, {math, math, math, math, math, math, math, math}},
        Row{{CompositeExplicitAutograd}, {all, fall, all, none, fall, all, all, all}},
        Row{{CompositeExplicitAutogradNonFunctional},
            {functional, fall, functional, none, fall, functional, none, none}},
        Row{{CompositeImplicitAutograd, CPU}, {own, fall, math, math, math, math, math, math}},
        Row{{CompositeImplicitAutograd, CPU, Autograd}, {own, grad, math, math, math, math, math, math}},
        Row{{CompositeImplicitAutograd, CompositeExplicitAutograd, Autograd},
            {all, grad, all, grad, grad, all, all, all}},
        Row{{CompositeImplicitAutograd, QuantizedCPU}, {math, math, math, math, torn, math, math, math}},
        Row{{CompositeImplicitAutograd, AutogradCPU}, {math, own, math, math, math, math, math, math}},
        Row{{CompositeImplicitAutograd, CompositeExplicitAutogradNonFunctional},
            {functional, math, functional, math, math, functional, math, math}}));

TEST(Resolution, INV_15_NothingRemainsAfterAllRegistrationsEnd) {
  Dispatcher dispatcher;
  {
    Registrations kept = dispatcher.fallback(Autograd, Kernel::fallthrough());
    kept.push_back(dispatcher.define("t::f(Tensor x) -> Tensor"));
    kept.push_back(dispatcher.implement("t::f", CPU, visiting("k")));
    kept.push_back(dispatcher.implement("t::waiting", Autograd, visiting("k")));
    EXPECT_EQ(dispatcher.operators().size(), 2u);
  }
  EXPECT_TRUE(dispatcher.operators().empty());
  EXPECT_FALSE(dispatcher.find("t::f"));
  for (DispatchKey key : table_keys()) EXPECT_FALSE(dispatcher.has_fallback(key));
}

// Deviation composite_serves_functionalize.
TEST(Resolution, AliasesExpandToTheirKeys) {
  EXPECT_TRUE(expansion(Autograd).has(AutogradXLA));
  EXPECT_TRUE(expansion(Autograd).has(AutogradNestedTensor));
  EXPECT_FALSE(expansion(CompositeExplicitAutograd).has(NestedTensorCPU));
  EXPECT_FALSE(expansion(CompositeExplicitAutogradNonFunctional).has(XLA));
  EXPECT_FALSE(expansion(CompositeExplicitAutogradNonFunctional).has(SparseCPU));
  EXPECT_TRUE(expansion(CompositeExplicitAutogradNonFunctional).has(SparseCsrCPU));
  EXPECT_TRUE(expansion(CompositeImplicitAutograd).has(Functionalize));
  EXPECT_TRUE(expansion(CompositeImplicitAutogradNestedTensor).has(NestedTensorCUDA));
}

// Few keys, so that registrations interact.
constexpr std::array<DispatchKey, 14> drawn_keys{CPU,
                                                 Meta,
                                                 CUDA,
                                                 QuantizedCPU,
                                                 SparseCPU,
                                                 FPGA,
                                                 NestedTensorCPU,
                                                 AutogradCPU,
                                                 AutogradOther,
                                                 Autograd,
                                                 CompositeImplicitAutograd,
                                                 CompositeExplicitAutograd,
                                                 CompositeExplicitAutogradNonFunctional,
                                                 CompositeImplicitAutogradNestedTensor};

DispatchKey drawn_key() { return drawn_keys[*rc::gen::inRange<size_t>(0, drawn_keys.size())]; }

RC_GTEST_PROP(Resolution, INV_13_TableEqualsARecomputedOne, ()) {
  Dispatcher dispatcher;
  std::vector<Registration> held;
  const auto drop = [&] {
    if (held.empty()) return;
    const size_t at = *rc::gen::inRange<size_t>(0, held.size());
    held.erase(held.begin() + static_cast<std::ptrdiff_t>(at));
  };
  const int steps = *rc::gen::inRange(1, 24);
  for (int step = 0; step < steps; ++step) {
    const std::string name = *rc::gen::element<std::string>("t::f", "t::g");
    try {
      switch (*rc::gen::inRange(0, 6)) {
        case 0:
          held.push_back(dispatcher.define(name + "(Tensor x) -> Tensor"));
          break;
        case 1:
          for (Registration& each :
               dispatcher.fallback(drawn_key(), *rc::gen::arbitrary<bool>() ? Kernel::fallthrough()
                                                                            : visiting_boxed("fallback")))
            held.push_back(std::move(each));
          break;
        case 2:
          drop();
          break;
        case 3:
          held.push_back(dispatcher.implement(name, drawn_key(), Kernel::fallthrough()));
          break;
        default:
          held.push_back(dispatcher.implement(name, drawn_key(), visiting("kernel")));
      }
    } catch (const Error& error) {
      RC_ASSERT(error.kind() == ErrorKind::registration);
    }
    RC_ASSERT(dispatcher.table_faults().empty());
  }
  while (!held.empty()) {
    drop();
    RC_ASSERT(dispatcher.table_faults().empty());
  }
  // INV-15
  RC_ASSERT(dispatcher.operators().empty());
  for (DispatchKey key : table_keys()) RC_ASSERT(!dispatcher.has_fallback(key));
}

RC_GTEST_PROP(Resolution, INV_14_OrderOfRegistrationsDoesNotMatter, ()) {
  const auto keys = *rc::gen::container<std::set<DispatchKey>>(rc::gen::elementOf(drawn_keys));
  std::vector<DispatchKey> order(keys.begin(), keys.end());
  const auto table_of = [](const std::vector<DispatchKey>& sequence, bool define_first) {
    Dispatcher dispatcher;
    Registrations kept;
    if (define_first) kept.push_back(dispatcher.define("t::f(Tensor x) -> Tensor"));
    for (DispatchKey key : sequence)
      kept.push_back(dispatcher.implement("t::f", key, visiting("k"), std::string(name_of(key))));
    if (!define_first) kept.push_back(dispatcher.define("t::f(Tensor x) -> Tensor"));
    return table_text(dispatcher.op("t::f").entry());
  };
  const std::string table = table_of(order, true);
  std::reverse(order.begin(), order.end());
  RC_ASSERT(table_of(order, false) == table);
}

// Deviation autograd_of_every_backend.
TEST(Resolution, KernelOfEveryBackendDecidesItsAutogradKey) {
  Dispatcher dispatcher;
  Registrations kept;
  kept.push_back(dispatcher.define("t::f(Tensor x) -> Tensor"));
  kept.push_back(dispatcher.implement("t::f", CompositeImplicitAutograd, visiting("composite")));
  for (int b = 1; b <= backend_count; ++b) {
    const auto backend = static_cast<Backend>(b);
    const DispatchKey autograd_key = runtime_key(AutogradFunctionality, backend);
    const Registration own_kernel =
        dispatcher.implement("t::f", runtime_key(Dense, backend), visiting("own"));
    EXPECT_EQ(dispatcher.op("t::f").reason_at(autograd_key), none) << name_of(autograd_key);
  }
}

// Deviation explicit_refreshes_autograd.
TEST(Resolution, LaterExplicitKernelReplacesTheCompositeAtAutogradKeys) {
  Dispatcher dispatcher;
  Registrations kept;
  kept.push_back(dispatcher.define("t::f(Tensor x) -> Tensor"));
  kept.push_back(dispatcher.implement("t::f", CompositeImplicitAutograd, visiting("implicit")));
  EXPECT_EQ(dispatcher.op("t::f").reason_at(AutogradCPU), math);
  kept.push_back(dispatcher.implement("t::f", CompositeExplicitAutograd, visiting("explicit")));
  EXPECT_EQ(dispatcher.op("t::f").reason_at(AutogradCPU), none);
  EXPECT_EQ(dispatcher.op("t::f").reason_at(CPU), all);
}

}  // namespace
}  // namespace engine
