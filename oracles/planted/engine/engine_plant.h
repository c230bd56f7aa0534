// EnginePlant: a planted bug in the dispatcher of one engine subject: a wrong kernel, fallback or table entry
// instead of the right one. Promises: each file of this folder declares its own plant and no list names it;
// only the subject that is built with the plant changes.
#pragma once

#include <functional>
#include <map>
#include <string_view>
#include <vector>

#include "engine/dispatch/dispatcher.h"
#include "engine/fuser/fuser.h"

namespace oracles {

using Plant = std::function<engine::Registrations(engine::Dispatcher&)>;

struct EnginePlant {
  std::string_view name;       // "zero_times_infinity", as the file
  std::string_view oracle;     // that must find it
  std::string_view operators;  // glob of the operators to draw: "*" for a fallback's bug, "aten::mul*"
  std::string_view mistake;    // one sentence
  Plant plant;
  void (*fuser)(engine::fuser::FuserSteps& steps) = nullptr;  // replaces steps of the fuser by wrong ones
};

// Declares the plant of one file, as a global constant.
struct DeclaredPlant {
  explicit DeclaredPlant(EnginePlant plant);
};

const std::map<std::string_view, EnginePlant>& all_engine_plants();  // by name
const EnginePlant* engine_plant(std::string_view name);              // nullptr: there is none

// The kernel that serves an operator at a key.
engine::Kernel right_kernel(const engine::Dispatcher& dispatcher, std::string_view name,
                            engine::DispatchKey key);
inline void call_kernel(const engine::Kernel& kernel, const engine::Call& call, engine::Stack& stack) {
  kernel.boxed(engine::Call{call.entry, call.keys, kernel}, stack);
}

// Serves a call instead of the right kernel, which it may call.
using WrongKernel = void (*)(const engine::Kernel& right, const engine::Call& call, engine::Stack& stack);

engine::Registration replace_kernel(engine::Dispatcher& dispatcher, std::string_view name,
                                    engine::DispatchKey key, WrongKernel wrong);
// Replaces the kernels at these keys of the operators that a glob matches.
Plant replacing(std::vector<std::string_view> globs, std::vector<engine::DispatchKey> keys,
                WrongKernel wrong);

namespace plants {

using engine::Call;
using engine::DispatchKey;
using engine::Kernel;
using engine::Stack;
using engine::Tensor;
using engine::Value;

}  // namespace plants

}  // namespace oracles
