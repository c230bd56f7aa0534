// Inference tensors: tensors without the Autograd and ADInplaceOrView keys, which are made while this thread
// is in inference mode (engine/autograd/inference_mode.h). They have no version counter.
#pragma once

#include "engine/core/tensor.h"

namespace engine {

inline constexpr KeySet keys_of_recording{DispatchKey::AutogradOther, DispatchKey::AutogradFunctionality,
                                          DispatchKey::AutogradNestedTensor, DispatchKey::ADInplaceOrView};

// The keys that new tensors of this thread do not have: keys_of_recording in inference mode, or none.
extern constinit thread_local KeySet keys_without __attribute__((tls_model("initial-exec")));

inline bool in_inference_mode() { return !keys_without.empty(); }
inline bool is_inference(const Tensor& tensor) {
  return tensor.defined() && (tensor.keys() & keys_of_recording).empty();
}
// Raises for an inference tensor.
void refuse_saving_inference(const Tensor& tensor);
// Raises for an inference tensor outside of inference mode.
void refuse_writing_inference(const Tensor& tensor);

}  // namespace engine
