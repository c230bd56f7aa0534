// The functions that the invariants of keys, threads and schemas are about, as they are and with one of them
// broken.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/tensor.h"
#include "engine/dispatch/schema.h"
#include "engine/dispatch/schema_compatibility.h"
#include "engine/dispatch/thread_keys.h"

namespace oracles {

struct KeyFunctions {
  size_t (*slot)(engine::KeySet) = [](engine::KeySet keys) { return keys.table_index(); };
  engine::DispatchKey (*highest)(engine::KeySet) = [](engine::KeySet keys) { return keys.highest_key(); };
  engine::KeySet (*minus)(engine::KeySet, engine::KeySet) = [](engine::KeySet a, engine::KeySet b) {
    return a - b;
  };
  engine::KeySet (*full_after)(engine::DispatchKey) = &engine::KeySet::full_after;
  engine::KeySet (*add)(engine::KeySet, engine::DispatchKey) =
      [](engine::KeySet keys, engine::DispatchKey key) { return keys.add(key); };
  // The keys that a thread sees which was started here.
  engine::ThreadKeys (*in_new_thread)() = nullptr;
  engine::KeySet (*of_view)(const engine::Tensor&) = [](const engine::Tensor& base) {
    return base.view(base.sizes(), base.strides(), base.offset()).keys();
  };
  // begin and end of observed calls, "(" and ")", of one that returns or throws.
  std::string (*observed)(bool throws) = nullptr;
};
struct SchemaFunctions {
  engine::Schema (*parse)(std::string_view) = &engine::parse_schema;
  std::string (*print)(const engine::Schema&) = [](const engine::Schema& s) { return engine::to_string(s); };
  bool (*compatible)(const engine::Schema& newer, const engine::Schema& older) =
      [](const engine::Schema& newer, const engine::Schema& older) {
        return engine::incompatibility(newer, older).empty();
      };
};

KeyFunctions sound_keys();
KeyFunctions broken_keys(int invariant);        // 1 to 4, 11, 12, 21
SchemaFunctions broken_schemas(int invariant);  // 26 to 29

}  // namespace oracles
