// Composes subjects: the engine with its libraries, planted bug, device and peer, and torch with its plug-in.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "oracles/subject.h"

namespace oracles {

// Builds the subject by name. "torch" loads libfaultline_torch.so. Throws engine::InputError with one line
// when there is no such subject, the plug-in is missing, or a library of `options.load` cannot be loaded.
std::unique_ptr<Subject> make_subject(std::string_view name, const SubjectOptions& options);
// The library with the bugs planted for torch, to be loaded as any other. Throws InputError where it is
// missing.
std::string planted_library();

}  // namespace oracles
