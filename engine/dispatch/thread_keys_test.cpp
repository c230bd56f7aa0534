// Guards: what they change, and that nothing of it is left.
#include "engine/dispatch/thread_keys.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <thread>

namespace engine {
namespace {

using enum DispatchKey;

TEST(ThreadKeys, Defaults) {
  EXPECT_EQ(thread_keys.included, (KeySet{BackendSelect, ADInplaceOrView}));
  EXPECT_TRUE(thread_keys.excluded.has(AutocastCUDA));
  EXPECT_TRUE(with_thread_keys(KeySet{CPU, AutocastCPU}).has(BackendSelect));
  EXPECT_FALSE(with_thread_keys(KeySet{CPU, AutocastCPU}).has(AutocastCPU));
}

TEST(ThreadKeys, ExclusionWins) {
  const IncludeKeys include(Tracer);
  const ExcludeKeys exclude(Tracer);
  EXPECT_FALSE(with_thread_keys(CPU).has(Tracer));
}

// Deviation guards_restore_backends: c10 leaves the Meta bit behind.
TEST(ThreadKeys, INV_05_GuardsRestoreEveryBit) {
  const ThreadKeys before = thread_keys;
  {
    const IncludeKeys meta(Meta);
    EXPECT_EQ(with_thread_keys(CPU).highest_backend(), Backend::Meta);
    const ExcludeKeys exclude(KeySet{CUDA, AutogradCUDA});
    EXPECT_EQ(thread_keys.excluded & KeySet::backends(), KeySet());
    const BelowADInplaceOrView below;
    const InferenceKeys inference;
    EXPECT_FALSE(with_thread_keys(CPU).has(ADInplaceOrView));
  }
  EXPECT_EQ(thread_keys, before);
  EXPECT_EQ(with_thread_keys(CPU).highest_key(), with_thread_keys(KeySet{CPU}).highest_key());
}

TEST(ThreadKeys, INV_05_GuardsRestoreAfterAnException) {
  const ThreadKeys before = thread_keys;
  try {
    const BelowAutograd guard;
    const IncludeKeys include(PrivateUse1);
    throw std::runtime_error("kernel");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(thread_keys, before);
}

TEST(ThreadKeys, INV_10_NestedGuardsRestoreStepByStep) {
  const IncludeKeys outer(KeySet{Meta, Tracer});
  const ThreadKeys inside = thread_keys;
  {
    const IncludeKeys inner(KeySet{Tracer, Python, CUDA});
    const ForceKeys force({CPU, {}});
    EXPECT_EQ(thread_keys.included, KeySet(CPU));
  }
  EXPECT_EQ(thread_keys, inside);
}

// Deviation guards_in_any_order.
TEST(ThreadKeys, INV_10_AGuardThatEndsEarlyLeavesWhatOthersWant) {
  const ThreadKeys before = thread_keys;
  auto first = std::make_unique<IncludeKeys>(KeySet{Tracer, Meta});
  auto second = std::make_unique<IncludeKeys>(KeySet{Tracer, Named});
  auto third = std::make_unique<IncludeKeys>(KeySet{Tracer});
  first.reset();
  EXPECT_TRUE(thread_keys.included.has(Tracer));
  EXPECT_FALSE(thread_keys.included.has(Backend::Meta));
  second.reset();
  EXPECT_TRUE(thread_keys.included.has(Tracer));
  EXPECT_FALSE(thread_keys.included.has(Named));
  third.reset();
  EXPECT_EQ(thread_keys, before);
}

TEST(ThreadKeys, ChangesInsideAGuardSurviveIt) {
  {
    const IncludeKeys guard(Tracer);
    set_included(Python, true);
  }
  EXPECT_TRUE(thread_keys.included.has(Python));
  set_included(Python, false);
  const ThreadKeys before = thread_keys;
  set_included(Meta, true);
  set_included(Meta, false);
  set_excluded(CPU, true);
  set_excluded(CPU, false);
  EXPECT_EQ(thread_keys, before);
}

TEST(ThreadKeys, INV_11_ANewThreadHasTheDefaults) {
  const IncludeKeys guard(Meta);
  ThreadKeys other{{}, {}};
  std::thread([&] { other = thread_keys; }).join();
  EXPECT_EQ(other, ThreadKeys());
}

}  // namespace
}  // namespace engine
