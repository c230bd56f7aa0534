// For planted bugs of the fuser: a plant that leaves the dispatcher as it is, and wrong C source.
#pragma once

#include <string>

#include "engine/fuser/group_plan.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {

using engine::fuser::FuserSteps;
using engine::fuser::GroupPlan;
using engine::fuser::KernelProgram;

inline engine::Registrations right_dispatcher(engine::Dispatcher&) { return {}; }

// The right source with every `right` replaced.
inline std::string source_with(const KernelProgram& program, std::string_view right, std::string_view wrong) {
  std::string source = engine::fuser::c_source(program);
  for (size_t at = source.find(right); at != std::string::npos; at = source.find(right, at + wrong.size()))
    source.replace(at, right.size(), wrong);
  return source;
}

}  // namespace oracles::plants
