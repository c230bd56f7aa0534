// FakeCall: one call in a fake mode: its arguments without their wrappers, then its results with them.
#pragma once

#include <optional>

#include "engine/fake/call_cache.h"
#include "engine/fake/fake_mode.h"

namespace engine::fake {

class FakeCall {
 public:
  FakeCall(FakeMode& mode, const Call& call, Stack& stack) : mode_(mode), call_(call), stack_(stack) {}

  // Whether all tensors are this mode's, or can be. Raises before any effect if one must not be.
  bool takes_arguments();
  void run();

 private:
  void collect();
  void refuse_writes_elsewhere() const;
  bool are_constant() const;
  void forget_written_constants() const;
  bool take_from_cache(CallCache::Key& key);
  void replay(const CachedCall& known);
  std::optional<Device> named_device();
  Stack real_arguments() const;
  void compute();
  void run_kernel();
  void compute_on_zeros();
  void follow(const GivenTensor& argument);
  void wrap_results();
  Tensor result_of(const Tensor& computed) const;
  Tensor wrapper_of(const Tensor& inner) const;
  void evaluate(Stack& real) const;
  void keep_constants(const Stack& real) const;
  void return_evaluated(const Stack& real, const std::vector<Tensor>& constants);

  FakeMode& mode_;
  const Call& call_;
  Stack& stack_;
  GivenTensors given_;
  Device device_ = {};
  bool has_plain_ = false;  // tensors to be converted
  bool has_symbols_ = false;
  bool changed_ = false;  // an argument's geometry or storage
};

}  // namespace engine::fake
