// What guards change, and that they restore it.
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
    const BelowAutograd below;
    EXPECT_FALSE(with_thread_keys(AutogradCPU).has(AutogradCPU));
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
TEST(ThreadKeys, INV_10_GuardThatEndsEarlyKeepsTheKeysOfYoungerGuards) {
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

TEST(ThreadKeys, GuardKeepsChangesMadeInsideItsScope) {
  const ThreadKeys before = thread_keys;
  {
    const ExcludeKeys guard(Tracer);
    set_excluded(SparseCPU, true);
  }
  EXPECT_EQ(thread_keys.excluded, before.excluded.add(Sparse));
  set_excluded(SparseCPU, false);
  EXPECT_EQ(thread_keys, before);
}

TEST(ThreadKeys, INV_11_NewThreadHasTheDefaults) {
  const IncludeKeys guard(Meta);
  ThreadKeys other{{}, {}};
  std::thread([&] { other = thread_keys; }).join();
  EXPECT_EQ(other, ThreadKeys());
}

}  // namespace
}  // namespace engine
