// Which interpreters are called, in which order and with which state. Laws over drawn programs: properties/.
#include "engine/python/python_fallback.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/python/python_cases.h"

namespace engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using enum DispatchKey;

struct PythonFallback : WithPython, testing::Test {
  PythonFallback() {
    define("t::f(Tensor a, Tensor? b=None, Tensor[] c) -> Tensor");
    implement("t::f", CPU, boxed_kernel_of([](const Call&, Stack& stack) {
                visits().push_back("kernel");
                stack.drop(2);
              }));
  }
  ~PythonFallback() override { take_visits(); }
  void call(std::vector<Value> arguments) {
    Stack stack;
    stack.push_back(std::move(arguments[0]));
    stack.push_back(arguments.size() > 1 ? arguments[1] : Value());
    stack.push_back(arguments.size() > 2 ? arguments[2] : Value(std::vector<Tensor>{}));
    dispatcher.op("t::f").call_boxed(stack);
  }
  Visiting a{"a"}, b{"b"}, c{"c"};
  Tensor plain = on(DeviceType::cpu);
};

TEST_F(PythonFallback, TopModeIsCalledBeforeTheOneBelow) {
  const ModeGuard low(a), high(b);
  call({plain});
  EXPECT_THAT(take_visits(), ElementsAre("b", "a", "kernel"));
}

TEST_F(PythonFallback, WrapperInAListOfListsIsFound) {
  define("t::nested(Tensor[][] a) -> ()");
  implement("t::nested", CPU, boxed_kernel_of([](const Call&, Stack& stack) {
              visits().push_back("kernel");
              stack.drop(1);
            }));
  Stack stack;
  stack.push_back(std::vector<Value>{Value(std::vector<Tensor>{plain, a.wrap(plain)})});
  dispatcher.op("t::nested").call_boxed(stack);
  EXPECT_THAT(take_visits(), ElementsAre("a", "kernel"));
}

TEST_F(PythonFallback, ModeThatReturnsNotImplementedIsSkippedInNestedCalls) {
  b.declines = true;
  const ModeGuard low(a), high(b);
  call({plain});
  EXPECT_THAT(take_visits(), ElementsAre("b", "a", "kernel"));
}

TEST_F(PythonFallback, UserModesComeBeforeWrappersBeforeOtherModes) {
  for (Visiting* each : {&a, &b, &c}) each->declines = true;
  Visiting user("user"), fake("fake"), functional("functional");
  user.declines = functional.declines = true;
  const ModeGuard in_fake(fake, ModePlace::fake), in_functional(functional, ModePlace::functional),
      of_user(user);
  const Value list(std::vector<Tensor>{a.wrap(plain), b.wrap(plain)});
  EXPECT_THAT(error_of([&] { call({plain, b.wrap(plain), list}); }), HasSubstr("any of: b, a"))
      << "fake calls the operator again, which only wrappers answer";
  EXPECT_THAT(take_visits(), ElementsAre("user", "b", "a", "functional", "fake", "b", "a"));
}

TEST_F(PythonFallback, SubclassIsCalledBeforeItsBase) {
  a.declines = b.declines = c.declines = true;
  c.before = &a;
  EXPECT_THAT(error_of([&] { call({a.wrap(plain), b.wrap(plain), std::vector<Tensor>{c.wrap(plain)}}); }),
              HasSubstr("TypeError: multiple dispatch failed for t::f: not implemented by any of: c, a, b"));
}

TEST_F(PythonFallback, NoInterpreterIsAnInternalError) {
  const IncludeKeys python(python_keys);
  EXPECT_THAT(error_of([&] { call({plain}); }),
              HasSubstr("InternalAssert: t::f reached Python and there is no interpreter"));
}

TEST_F(PythonFallback, CallWithoutSnapshotIsAnInternalError) {
  const ModeGuard mode(a);
  const ExcludeKeys without(PythonTLSSnapshot);
  EXPECT_THAT(error_of([&] { call({plain}); }), HasSubstr("did not pass PythonTLSSnapshot"));
  EXPECT_THAT(take_visits(), ElementsAre());
}

TEST_F(PythonFallback, WrongNumberOfResultsIsAnInternalError) {
  struct : Interpreter {
    std::string_view name() const override { return "idle"; }
    Answer dispatch(const Call&, Stack&) override { return Answer::done; }
  } idle;
  const ModeGuard mode(idle);
  EXPECT_THAT(error_of([&] { call({plain}); }),
              HasSubstr("InternalAssert: idle gave 3 results of t::f, which has 1"));
}

TEST_F(PythonFallback, ModeSeesCallsWithoutTensors) {
  define("t::make(Device? device=None) -> Tensor");
  implement("t::make", BackendSelect, passing_on("select", BackendSelect));
  implement("t::make", Undefined, visiting_boxed("unused"));
  implement("t::make", CompositeExplicitAutograd,
            boxed_kernel_of([](const Call&, Stack& stack) { stack.replace_last(1, on(DeviceType::cpu)); }));
  const ModeGuard mode(a);
  Stack stack{Value()};
  EXPECT_THAT(error_of([&] { dispatcher.op("t::make").call_boxed(stack); }), "no error");
  EXPECT_THAT(take_visits(), ElementsAre("a", "select"));
}

TEST(Modes, SecondModeInOnePlaceIsRefused) {
  Visiting fake("fake");
  const ModeGuard first(fake, ModePlace::fake);
  const ThreadKeys before = thread_keys;
  EXPECT_THAT(error_of([&] { const ModeGuard second(fake, ModePlace::fake); }),
              HasSubstr("a mode in this place already: fake"));
  EXPECT_EQ(thread_keys, before);
}

TEST(Modes, PythonKeysAreIncludedWhileAModeIsInForce) {
  Visiting a("a");
  const ThreadKeys before = thread_keys;
  {
    const ModeGuard low(a), high(a);
    EXPECT_TRUE(thread_keys.included.has_all(python_keys));
    {
      const ModesInstead one({.users = &low, .in_place = {}});
      EXPECT_TRUE(thread_keys.included.has_all(python_keys));
      const ModesInstead none({});
      EXPECT_EQ(thread_keys, before);
    }
    EXPECT_EQ(thread_modes.users, &high);
  }
  EXPECT_EQ(thread_keys, before);
  EXPECT_FALSE(thread_modes.any());
}

}  // namespace
}  // namespace engine
