#include "engine/autograd/inference_mode.h"

namespace engine::autograd {

namespace {

ThreadKeys keys_in(bool inference) {
  constexpr KeySet layer{DispatchKey::ADInplaceOrView};
  ThreadKeys keys = thread_keys;
  keys.included = inference ? keys.included - layer : keys.included | layer;
  keys.excluded = inference ? keys.excluded | autograd_keys : keys.excluded - autograd_keys;
  return keys;
}

}  // namespace

InferenceMode::InferenceMode(bool inference)
    : before_(enabled()), mode_(!inference && (before_ || GradMode::enabled())), keys_(keys_in(inference)) {
  keys_without = inference ? keys_of_recording : KeySet();
}

InferenceMode::~InferenceMode() { keys_without = before_ ? keys_of_recording : KeySet(); }

}  // namespace engine::autograd
