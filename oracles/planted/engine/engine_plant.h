// EnginePlant: a mistake put into the dispatcher of one engine subject: a wrong kernel, fallback or table
// entry in place of the right one. Promises: each file of this folder is one plant, declared by existing:
// nobody edits a list. Only the subject that was asked for the plant is changed.
#pragma once

#include <string_view>
#include <vector>

#include "engine/dispatch/dispatcher.h"

namespace oracles {

struct EnginePlant {
  std::string_view name;       // "zero_sign_lost": the file's, too
  std::string_view oracle;     // that must catch it
  std::string_view operators;  // glob of those drawn with it: "*" for a fallback's mistake, "aten::mul*"
  std::string_view mistake;    // one sentence
  engine::Registrations (*plant)(engine::Dispatcher&);
};

// One file's plant. Made before main, and kept to the end.
class DeclaredPlant {
 public:
  explicit DeclaredPlant(EnginePlant plant);
  const EnginePlant& plant() const { return plant_; }
  const DeclaredPlant* next() const { return next_; }

 private:
  EnginePlant plant_;
  const DeclaredPlant* next_;
};

// By name. The same in every build: the order in which files are linked has no part in it.
std::vector<const EnginePlant*> all_engine_plants();
const EnginePlant* engine_plant(std::string_view name);  // nullptr: there is none

// The kernel that stands at a key now, for a wrong one to do the rest with.
engine::Kernel right_kernel(const engine::Dispatcher& dispatcher, std::string_view name,
                            engine::DispatchKey key);
// Serves the call with it.
inline void call_kernel(const engine::Kernel& kernel, const engine::Call& call, engine::Stack& stack) {
  kernel.boxed(engine::Call{call.entry, call.keys, kernel}, stack);
}
// Puts a Wrong, an object for boxed_kernel_of that is made of the right kernel, in that one's place.
template <class Wrong>
engine::Registrations replace_kernel(engine::Dispatcher& dispatcher, std::string_view name,
                                     engine::DispatchKey key) {
  engine::Registrations made;
  made.push_back(dispatcher.implement(
      name, key, engine::boxed_kernel_of(Wrong{right_kernel(dispatcher, name, key)}), "planted"));
  return made;
}

// In place of what serves `key` now, for every operator that `shows`: Wrong{the right kernel}.
template <class Wrong>
engine::Registrations put_wrong(
    engine::Dispatcher& dispatcher, engine::DispatchKey key,
    bool (*shows)(const engine::Schema&) = [](const engine::Schema&) { return true; }) {
  engine::Registrations made;
  for (const engine::Operator& op : dispatcher.operators()) {
    if (!op.has_schema() || !shows(op.schema())) continue;
    const Wrong wrong{right_kernel(dispatcher, op.name(), key)};
    made.push_back(dispatcher.implement(op.name(), key, engine::boxed_kernel_of(wrong), "planted"));
  }
  return made;
}

}  // namespace oracles
