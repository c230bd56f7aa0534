// InferenceMode: nothing is recorded in its scope, and tensors that are made in it are inference tensors:
// without the Autograd and ADInplaceOrView keys, and without a version counter. Views of normal tensors stay
// normal. Inference tensors refuse, outside of the mode, to be written, saved for a formula, or to require
// grad.
#pragma once

#include "engine/autograd/grad_mode.h"
#include "engine/core/inference.h"
#include "engine/dispatch/thread_keys.h"

namespace engine::autograd {

class InferenceMode {
 public:
  explicit InferenceMode(bool enabled = true);
  ~InferenceMode();
  InferenceMode(const InferenceMode&) = delete;
  InferenceMode& operator=(const InferenceMode&) = delete;

  static bool enabled() { return in_inference_mode(); }

 private:
  bool before_;
  GradMode mode_;
  ForceKeys keys_;
};

}  // namespace engine::autograd
