#include <exception>

#include "engine/core/input_error.h"
#include "oracles/subjects/torch/torch_subject.h"

// What the loader looks up in this plug-in. On failure: nullptr, and in `error` one line.
extern "C" __attribute__((visibility("default"))) oracles::Subject* faultline_make_torch_subject(
    const oracles::SubjectOptions* options, std::string* error) {
  try {
    return new oracles::aten::TorchSubject(*options);
  } catch (const engine::InputError& bad) {
    *error = bad.line();
  } catch (const std::exception& bad) {
    *error = bad.what();
  }
  return nullptr;
}
