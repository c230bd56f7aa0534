#include "oracles/planted/engine/engine_plant.h"

#include <algorithm>

#include "engine/core/check.h"

namespace oracles {

namespace {

const DeclaredPlant* first_plant = nullptr;

}  // namespace

DeclaredPlant::DeclaredPlant(EnginePlant plant) : plant_(plant), next_(first_plant) { first_plant = this; }

std::vector<const EnginePlant*> all_engine_plants() {
  std::vector<const EnginePlant*> all;
  for (const DeclaredPlant* each = first_plant; each; each = each->next()) all.push_back(&each->plant());
  std::sort(all.begin(), all.end(),
            [](const EnginePlant* a, const EnginePlant* b) { return a->name < b->name; });
  return all;
}

const EnginePlant* engine_plant(std::string_view name) {
  for (const DeclaredPlant* each = first_plant; each; each = each->next())
    if (each->plant().name == name) return &each->plant();
  return nullptr;
}

engine::Kernel right_kernel(const engine::Dispatcher& dispatcher, std::string_view name,
                            engine::DispatchKey key) {
  const engine::Kernel* kernel = dispatcher.own_kernel(dispatcher.op(name).entry(), key);
  CHECK(kernel != nullptr, std::string(name) + " has no kernel at " + std::string(engine::name_of(key)));
  return *kernel;
}

}  // namespace oracles
