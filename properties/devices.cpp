// Whatever a program calls, it visits the same keys on every device: only the backend is another.
#include <gtest/gtest.h>

#include "corpora/case/draw.h"
#include "engine/core/key_set.h"
#include "oracles/make_subject.h"

namespace {

using engine::DispatchKey;
using engine::KeySet;

// The set without its backends; autocast has a functionality for each device.
KeySet without_device(uint64_t raw) {
  KeySet keys = KeySet::from_raw(raw & KeySet::functionalities().raw());
  for (const DispatchKey autocast : {DispatchKey::AutocastCPU, DispatchKey::AutocastCUDA})
    keys = keys.remove(autocast);
  return keys;
}

TEST(Devices, TheSameKeysOnEveryDevice) {
  const auto subject = oracles::make_subject("engine", {});
  subject->record_trace(true);
  const auto drawable = corpora::select(subject->catalog(), {});
  const corpora::Path host{{corpora::LayerKind::host_cuda, 1}};
  size_t compared = 0;
  for (size_t op = 0; op < drawable.size(); ++op) {
    corpora::PhiloxChoices choices(/*seed=*/3, op, 0);
    const corpora::Operator& called = subject->catalog().operators()[drawable[op]];
    const corpora::Case c = corpora::draw(subject->catalog(), called, subject->domains(), choices);
    if (c.calls.empty() || !subject->refuses(c, host).empty()) continue;
    const corpora::Image image = corpora::image_of(c);
    const oracles::Outcome left = subject->run(c, image, {}), right = subject->run(c, image, host);
    ASSERT_EQ(left.trace.size(), right.trace.size()) << called.name;
    for (size_t i = 0; i < left.trace.size(); ++i) {
      EXPECT_EQ(left.trace[i].op, right.trace[i].op) << called.name;
      EXPECT_EQ(without_device(left.trace[i].keys), without_device(right.trace[i].keys)) << left.trace[i].op;
    }
    compared += left.trace.size();
  }
  EXPECT_GT(compared, drawable.size() / 2);
}

// Whoever adds a functor without an entry in its list of kernels is told here.
TEST(Devices, WhatTheCpuComputesIsComputedByCudasKernels) {
  const auto subject = oracles::make_subject("engine", {});
  const auto drawable = corpora::select(subject->catalog(), {});
  const corpora::Path host{{corpora::LayerKind::host_cuda, 1}};
  size_t returned = 0;
  for (size_t op = 0; op < drawable.size(); ++op)
    for (uint64_t index = 0; index < 6; ++index) {
      corpora::PhiloxChoices choices(/*seed=*/4, op, index);
      const corpora::Operator& called = subject->catalog().operators()[drawable[op]];
      const corpora::Case c = corpora::draw(subject->catalog(), called, subject->domains(), choices);
      if (c.calls.empty() || !subject->refuses(c, host).empty()) continue;
      const corpora::Image image = corpora::image_of(c);
      if (!subject->run(c, image, {}).returned()) continue;
      const oracles::Outcome there = subject->run(c, image, host);
      EXPECT_NE(there.last().status, oracles::Status::not_implemented)
          << c.calls[there.calls.size() - 1].op << ": " << there.last().message;
      ++returned;
    }
  EXPECT_GT(returned, 3 * drawable.size());
}

}  // namespace
