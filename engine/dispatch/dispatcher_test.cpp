// Registrations: in which order they may come, which are refused, and what remains after they end.
#include "engine/dispatch/dispatcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/dispatch/library.h"
#include "engine/dispatch/probe_kernels_cases.h"
#include "engine/dispatch/refusals.h"
#include "engine/dispatch/table_text.h"

namespace engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using enum DispatchKey;

constexpr const char* unary = "t::f(Tensor x) -> Tensor";

TEST(Dispatcher, TwoDispatchersShareNothing) {
  WithFallthroughs one, two;
  one.define(unary);
  two.define(unary);
  one.implement("t::f", CPU, visiting("one"));
  two.implement("t::f", CPU, visiting("two"));
  one.dispatcher.op("t::f").typed<Unary>().call(on(DeviceType::cpu));
  two.dispatcher.op("t::f").typed<Unary>().call(on(DeviceType::cpu));
  EXPECT_THAT(take_visits(), ElementsAre("one", "two"));
}

TEST(Dispatcher, OperatorHasTheAccuracyOfItsDefinition) {
  Dispatcher dispatcher;
  Library library(dispatcher, "t");
  library.def("f(Tensor x) -> Tensor", accuracy::elementary(3, "three units"));
  library.def("g(Tensor x) -> Tensor");
  EXPECT_EQ(dispatcher.op("t::f").accuracy().ulps, 3);
  EXPECT_EQ(dispatcher.op("t::f").accuracy().reason, "three units");
  EXPECT_EQ(dispatcher.op("t::g").accuracy().reason, accuracy::undeclared.reason);
}

TEST(Dispatcher, NewestKernelServesAndAnyKernelMayEnd) {
  WithFallthroughs f;
  f.define(unary);
  const auto op = f.dispatcher.op("t::f").typed<Unary>();
  const Tensor x = on(DeviceType::cpu);
  Registration first = f.dispatcher.implement("t::f", CPU, visiting("1"));
  Registration second = f.dispatcher.implement("t::f", CPU, visiting("2"));
  Registration third = f.dispatcher.implement("t::f", CPU, visiting("3"));
  op.call(x);
  second.reset();
  op.call(x);
  third.reset();
  op.call(x);
  EXPECT_THAT(take_visits(), ElementsAre("3", "3", "1"));
  first.reset();
  EXPECT_THROW(op.call(x), NotImplemented);
}

// Deviation no_schema_is_said.
TEST(Dispatcher, INV_25_HandleOutlivesDefinitionAndKernels) {
  WithFallthroughs f;
  Registration definition = f.dispatcher.define(unary);
  Registration kernel = f.dispatcher.implement("t::f", CPU, visiting("k"));
  const Operator op = f.dispatcher.op("t::f");
  const auto typed = op.typed<Unary>();
  definition.reset();
  Stack stack{on(DeviceType::cpu)};
  EXPECT_THAT(error_of([&] { op.call_boxed(stack); }), HasSubstr("t::f has no schema"));
  EXPECT_THAT(error_of([&] { typed.call(on(DeviceType::cpu)); }), HasSubstr("t::f has no schema"));
  EXPECT_TRUE(f.dispatcher.find("t::f").has_value());
  definition = f.dispatcher.define(unary);
  typed.call(on(DeviceType::cpu));
  EXPECT_THAT(take_visits(), ElementsAre("k"));
  f.dispatcher.reclaim();
  kernel.reset();
  definition.reset();
  EXPECT_FALSE(f.dispatcher.find("t::f"));
}

TEST(Dispatcher, RegistrationMayOutliveTheDispatcher) {
  Registration kernel;
  {
    Dispatcher dispatcher;
    kernel = dispatcher.implement("t::f", CPU, visiting("k"));
  }
  kernel.reset();
}

// Deviation refusal_changes_nothing.
TEST(Dispatcher, INV_16_SignatureAndSchemaAreComparedInEitherOrder) {
  const auto binary = [] { return kernel_of([](const Tensor& a, const Tensor&) { return a; }); };
  Dispatcher defined_first, kernel_first;
  const Registration d = defined_first.define(unary, "a.cpp");
  EXPECT_THAT(error_of([&] { (void)defined_first.implement("t::f", CPU, binary(), "b.cpp"); }),
              testing::AllOf(HasSubstr("RegistrationError"), HasSubstr("a.cpp"), HasSubstr("b.cpp"),
                             HasSubstr("it has 2 arguments, and the schema 1")));
  const Registration k = kernel_first.implement("t::f", CPU, binary(), "b.cpp");
  EXPECT_THAT(error_of([&] { (void)kernel_first.define(unary, "a.cpp"); }),
              HasSubstr("it has 2 arguments, and the schema 1"));
  EXPECT_FALSE(kernel_first.find("t::f")->has_schema());
}

// Deviation signature_of_the_living.
TEST(Dispatcher, INV_16_SignaturesOfRegisteredKernelsMustAgree) {
  Dispatcher dispatcher;
  const Registration d = dispatcher.define(unary);
  const auto by_value = [] { return kernel_of([](Tensor a) { return a; }); };  // NOLINT
  {
    const Registration first = dispatcher.implement("t::f", CPU, visiting("k"));
    EXPECT_THAT(error_of([&] { (void)dispatcher.implement("t::f", Meta, by_value()); }),
                HasSubstr("different C++ signatures"));
    EXPECT_EQ(dispatcher.op("t::f").reason_at(Meta), Reason::missing);
  }
  const Registration later = dispatcher.implement("t::f", Meta, by_value());
}

// Deviation building_block_refused.
TEST(Dispatcher, RefusesContradictions) {
  Dispatcher dispatcher;
  const Registration d = dispatcher.define(unary, "first.cpp");
  EXPECT_THAT(
      error_of([&] { (void)dispatcher.define(unary, "second.cpp"); }),
      testing::AllOf(HasSubstr("t::f is defined twice"), HasSubstr("first.cpp"), HasSubstr("second.cpp")));
  EXPECT_THAT(error_of([&] { (void)dispatcher.define("f() -> ()"); }), HasSubstr("is not an operator name"));
  EXPECT_THAT(error_of([&] { (void)dispatcher.implement("t::f", Dense, visiting("k")); }),
              HasSubstr("such as CPU"));
  EXPECT_THAT(error_of([&] { (void)dispatcher.fallback(CPU, visiting("k")); }), HasSubstr("must be boxed"));
  EXPECT_THAT(error_of([&] { (void)dispatcher.op("t::h"); }), HasSubstr("there is no operator t::h"));
  EXPECT_THAT(error_of([&] { (void)dispatcher.op("t::f").typed<Tensor(int64_t)>(); }),
              HasSubstr("argument 0 'x' is int, and in the schema Tensor"));
}

// Deviation fallback_alias_whole.
TEST(Dispatcher, FallbackForAliasIsRegisteredForAllItsKeysOrNone) {
  Dispatcher dispatcher;
  const Registrations taken = dispatcher.fallback(AutogradMeta, visiting_boxed("meta"), "one");
  EXPECT_THAT(error_of([&] { (void)dispatcher.fallback(Autograd, visiting_boxed("all"), "two"); }),
              HasSubstr("a second fallback for AutogradMeta"));
  EXPECT_FALSE(dispatcher.has_fallback(AutogradCPU));
}

TEST(Dispatcher, FallbackServesEarlierAndLaterOperators) {
  Dispatcher dispatcher;
  Registrations kept;
  kept.push_back(dispatcher.define(unary));
  Registrations fallback = dispatcher.fallback(CPU, visiting_boxed("fallback"));
  kept.push_back(dispatcher.define("t::g(Tensor x) -> Tensor"));
  EXPECT_EQ(dispatcher.op("t::f").reason_at(CPU), Reason::backend_fallback);
  EXPECT_EQ(dispatcher.op("t::g").reason_at(CPU), Reason::backend_fallback);
  fallback.clear();
  EXPECT_EQ(dispatcher.op("t::f").reason_at(CPU), Reason::missing);
}

TEST(Dispatcher, INV_20_ErrorNamesOperatorKeyAndTable) {
  WithFallthroughs f;
  f.define(unary);
  f.implement("t::f", CPU, visiting("k"));
  try {
    f.dispatcher.op("t::f").typed<Unary>().call(on(DeviceType::meta));
    FAIL();
  } catch (const NotImplemented& error) {
    EXPECT_EQ(error.key(), Meta);
    EXPECT_EQ(error.kind(), ErrorKind::not_implemented);
    EXPECT_THAT(error.what(), HasSubstr("Kernels are at: [CPU, BackendSelect, "));
    EXPECT_THAT(error.what(), HasSubstr("t::f has no kernel at Meta"));
    EXPECT_THAT(error.what(), HasSubstr("CPU: test [kernel]"));
    EXPECT_THAT(error.what(), HasSubstr("AutogradMeta: fallthrough (unknown) [backend fallback]"));
  }
}

TEST(Dispatcher, INV_20_ErrorOfCallWithoutKeysSaysWhy) {
  WithFallthroughs f;
  f.define("t::g(Tensor[] x) -> ()");
  const auto op = f.dispatcher.op("t::g").typed<void(TensorSpan)>();
  EXPECT_THAT(error_of([&] { op.call({}); }), HasSubstr("no argument is a tensor"));
  const ExcludeKeys dense(CPU);
  const std::vector<Tensor> list{on(DeviceType::cpu)};
  EXPECT_THAT(error_of([&] { op.call(list); }), HasSubstr("excluded or falls through"));
}

TEST(Dispatcher, TableIsPrinted) {
  Dispatcher dispatcher;
  Registrations kept;
  kept.push_back(dispatcher.define(unary, "ops.cpp"));
  kept.push_back(dispatcher.implement("t::f", CPU, visiting("1"), "one.cpp"));
  kept.push_back(dispatcher.implement("t::f", CPU, visiting("2"), "two.cpp"));
  kept.push_back(dispatcher.implement("t::f", Autograd, Kernel::fallthrough(), "three.cpp"));
  const std::string table = table_text(dispatcher.op("t::f").entry());
  EXPECT_THAT(table, testing::StartsWith("CPU: two.cpp [kernel]\n"));
  EXPECT_THAT(table, HasSubstr("AutogradXLA: fallthrough three.cpp [autograd]\n"));
}

TEST(Library, RegistersInItsNamespace) {
  Dispatcher dispatcher;
  {
    Library library(dispatcher, "t", "lib.cpp");
    library.def("f(Tensor x) -> Tensor");
    library.impl("f", CPU, visiting("k"));
    library.impl("t::f", visiting("composite"));
    EXPECT_EQ(dispatcher.op("t::f").reason_at(CPU), Reason::kernel);
    EXPECT_EQ(dispatcher.op("t::f").reason_at(Meta), Reason::composite_implicit);
    EXPECT_THAT(error_of([&] { library.impl("u::f", CPU, visiting("k")); }), HasSubstr("of namespace t"));
  }
  EXPECT_TRUE(dispatcher.operators().empty());
}

}  // namespace
}  // namespace engine
