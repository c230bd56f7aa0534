#include <exception>

#include "engine/core/input_error.h"
#include "oracles/subjects/torch/torch_subject.h"

// What the loader looks up in this plug-in. On failure: nullptr, and in `error` two lines: `where` and `what`
// of an InputError.
extern "C" __attribute__((visibility("default"))) oracles::Subject* faultline_make_torch_subject(
    const oracles::SubjectOptions* options, std::string* error) {
  try {
    return new oracles::aten::TorchSubject(*options);
  } catch (const engine::InputError& bad) {
    *error = bad.where() + "\n" + bad.what();
  } catch (const std::exception& bad) {
    *error = std::string("--subject\n") + bad.what();
  }
  return nullptr;
}
