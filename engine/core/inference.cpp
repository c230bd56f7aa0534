#include "engine/core/inference.h"

#include "engine/core/error.h"

namespace engine {

constinit thread_local KeySet keys_without __attribute__((tls_model("initial-exec")));

void refuse_saving_inference(const Tensor& tensor) {
  if (is_inference(tensor))
    throw Error(
        "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal "
        "tensor and use it in autograd.");
}

void refuse_writing_inference(const Tensor& tensor) {
  if (is_inference(tensor) && !in_inference_mode())
    throw Error(
        "Inplace update to inference tensor outside InferenceMode is not allowed. You can make a clone to "
        "get "
        "a normal tensor before doing inplace update.");
}

}  // namespace engine
