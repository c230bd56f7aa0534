#include "oracles/planted/engine/engine_plant.h"

#include <algorithm>

#include "corpora/case/catalog.h"
#include "engine/core/check.h"
#include "engine/dispatch/boxing.h"

namespace oracles {

namespace {

std::map<std::string_view, EnginePlant>& declared_plants() {
  static std::map<std::string_view, EnginePlant> plants;
  return plants;
}

}  // namespace

DeclaredPlant::DeclaredPlant(EnginePlant plant) { declared_plants().emplace(plant.name, std::move(plant)); }

const std::map<std::string_view, EnginePlant>& all_engine_plants() { return declared_plants(); }

const EnginePlant* engine_plant(std::string_view name) {
  const auto found = declared_plants().find(name);
  return found == declared_plants().end() ? nullptr : &found->second;
}

engine::Kernel right_kernel(const engine::Dispatcher& dispatcher, std::string_view name,
                            engine::DispatchKey key) {
  const engine::Kernel* kernel = dispatcher.own_kernel(dispatcher.op(name).entry(), key);
  CHECK(kernel != nullptr, std::string(name) + " has no kernel at " + std::string(engine::name_of(key)));
  return *kernel;
}

engine::Registration replace_kernel(engine::Dispatcher& dispatcher, std::string_view name,
                                    engine::DispatchKey key, WrongKernel wrong) {
  const auto kernel = [wrong, right = right_kernel(dispatcher, name, key)](
                          const engine::Call& call, engine::Stack& stack) { wrong(right, call, stack); };
  return dispatcher.implement(name, key, engine::boxed_kernel_of(kernel), "planted");
}

Plant replacing(std::vector<std::string_view> globs, std::vector<engine::DispatchKey> keys,
                WrongKernel wrong) {
  return [=](engine::Dispatcher& dispatcher) {
    engine::Registrations made;
    for (const engine::Operator& op : dispatcher.operators()) {
      const auto matches = [&](std::string_view glob) { return corpora::glob_match(glob, op.name()); };
      if (!op.has_schema() || std::ranges::none_of(globs, matches)) continue;
      for (const engine::DispatchKey key : keys)
        made.push_back(replace_kernel(dispatcher, op.name(), key, wrong));
    }
    return made;
  };
}

}  // namespace oracles
