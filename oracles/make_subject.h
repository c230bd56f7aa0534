// Composes subjects: the engine with its libraries, planted bug, device and peer, and torch with its plug-in.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "oracles/subject.h"

namespace oracles {

// "engine" or "torch", which loads libfaultline_torch.so. Throws engine::InputError if there is no such
// subject, the plug-in is missing, or a library of `options.load` cannot be loaded.
std::unique_ptr<Subject> make_subject(std::string_view name, const SubjectOptions& options);
// The library with the bugs planted for torch, for SubjectOptions::load. Throws InputError if it is missing.
std::string planted_library();

}  // namespace oracles
