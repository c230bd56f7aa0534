// Every operator runs on the CPU and, with the CUDA kernels, on the host: it visits the same keys, apart from
// the backend, and has the CUDA kernels that it needs.
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

struct BothDevices {
  corpora::Case c;
  oracles::Outcome cpu, host_cuda;
};

// Six cases of each operator, without those that the subject refuses.
const std::vector<BothDevices>& runs() {
  static const std::vector<BothDevices> all = [] {
    static const auto subject = oracles::make_subject("engine", {});  // traces refer to its names
    subject->record_trace(true);
    const corpora::Path host{{corpora::LayerKind::host_cuda, 1}};
    std::vector<BothDevices> made;
    for (const size_t op : corpora::select(subject->catalog(), {}))
      for (uint64_t index = 0; index < 6; ++index) {
        corpora::PhiloxChoices choices(/*seed=*/4, op, index);
        const corpora::Operator& called = subject->catalog().operators()[op];
        const corpora::Case c = corpora::draw(subject->catalog(), called, subject->domains(), choices);
        if (c.calls.empty() || !subject->refuses(c, host).empty()) continue;
        const corpora::Image image = corpora::image_of(c);
        made.push_back({c, subject->run(c, image, {}), subject->run(c, image, host)});
      }
    return made;
  }();
  return all;
}

TEST(Devices, KeysAreTheSameOnEveryDevice) {
  size_t compared = 0;
  for (const auto& [c, cpu, host_cuda] : runs()) {
    ASSERT_EQ(cpu.trace.size(), host_cuda.trace.size()) << c.calls.back().op;
    for (size_t i = 0; i < cpu.trace.size(); ++i) {
      EXPECT_EQ(cpu.trace[i].op, host_cuda.trace[i].op) << c.calls.back().op;
      EXPECT_EQ(without_device(cpu.trace[i].keys), without_device(host_cuda.trace[i].keys))
          << cpu.trace[i].op;
    }
    compared += cpu.trace.size();
  }
  EXPECT_GT(compared, runs().size() / 2);
}

// A functor that is not in its header's list of kernels fails here.
TEST(Devices, EveryOperatorOfTheCpuHasCudaKernels) {
  size_t returned = 0;
  for (const auto& [c, cpu, host_cuda] : runs()) {
    if (!cpu.returned()) continue;
    EXPECT_NE(host_cuda.last().status, oracles::Status::not_implemented)
        << c.calls[host_cuda.calls.size() - 1].op << ": " << host_cuda.last().message;
    ++returned;
  }
  EXPECT_GT(returned, runs().size() / 2);
}

}  // namespace
