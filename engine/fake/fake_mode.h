// FakeMode: calls that compute everything about their results but the elements. A fake tensor is a meta
// tensor with the device that the real tensor would have. A call with fake tensors, and every call of a
// thread in the mode, runs the operator's Meta kernel, and its results are fake: on the device that a
// `device` argument names, or on that of the tensors. Promises: no element is read or written, and none is
// allocated; results share storage, and are arguments, as the real results would; versions count as for real
// tensors; an exception leaves the thread and the arguments as they were. So a program for a device runs on a
// machine without that device.
//
// Refuses: a plain tensor beside fake ones, before any effect (or converts it: FakeSettings); tensors of
// another fake mode; an operator whose result depends on elements (NeedsData).
#pragma once

#include "engine/fake/call_cache.h"
#include "engine/fake/converter.h"
#include "engine/ops/needs_data.h"
#include "engine/python/modes.h"

namespace engine::fake {

using ops::NeedsData;

struct FakeSettings {
  bool converts_plain_tensors = false;
  // Runs operators without a Meta kernel on zeros on the CPU. The results are wrong if their sizes depend on
  // elements. Refuses results that view an argument.
  bool runs_on_zeros = false;
  bool caches_calls = true;
  // Sizes of converted tensors are symbols of this environment, which must outlive the mode.
  ShapeEnv* shapes = nullptr;
};

class FakeMode final : public Interpreter {
 public:
  explicit FakeMode(FakeSettings settings = {});

  std::string_view name() const override { return "the fake mode"; }
  Answer dispatch(const Call& call, Stack& stack) override;

  // As Converter::fake_of().
  Tensor fake_of(const Tensor& real) { return converter_.fake_of(real); }
  bool is_fake(const Tensor& tensor) const { return interpreter_of(tensor) == this; }
  // The fake of a copy of the tensor, which keeps the value of a tensor of one element (constants.h).
  Tensor lift(const Tensor& real);

  // As fake_of(), but its sizes are numbers also if those of other fakes are symbols, and it is not
  // remembered.
  Tensor fake_with_numbers(const Tensor& real) { return converter_.fake_without_memo(real); }

  ShapeEnv* shapes() const { return settings_.shapes; }
  CallCache& cache() { return cache_; }

 private:
  friend class FakeCall;
  FakeSettings settings_;
  Converter converter_;
  CallCache cache_;
};

// The mode is in force for a scope. If it is already, nothing changes; another fake mode is not in force
// meanwhile.
class UseFakeMode {
 public:
  explicit UseFakeMode(FakeMode& mode);

 private:
  std::optional<ModesInstead> without_other_;
  std::optional<ModeGuard> guard_;
};

}  // namespace engine::fake
