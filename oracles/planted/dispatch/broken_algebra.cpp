#include "oracles/planted/dispatch/broken_algebra.h"

#include <thread>

#include "engine/core/input_error.h"
#include "engine/dispatch/dispatcher.h"

namespace oracles {

namespace {

using engine::DispatchKey;
using engine::KeySet;
using engine::Schema;
using engine::Tensor;

engine::ThreadKeys keys_of_new_thread() {
  engine::ThreadKeys seen;
  std::thread([&] { seen = engine::thread_keys; }).join();
  return seen;
}
engine::ThreadKeys keys_of_parent() { return engine::thread_keys; }

struct Recording : engine::Observer {
  bool forgets = false;  // calls that throw
  std::string text;
  void on_begin(const engine::CallEvent&) override { text += '('; }
  void on_end(const engine::CallEvent&, bool returned, const engine::Stack*) override {
    if (returned || !forgets) text += ')';
  }
};

// An outer call whose kernel makes an inner one and redispatches; the innermost returns or throws.
std::string observed(bool throws, bool forgets) {
  engine::Dispatcher dispatcher;
  engine::Registrations kept;
  kept.push_back(dispatcher.define("t::inner() -> ()"));
  kept.push_back(dispatcher.define("t::outer() -> ()"));
  kept.push_back(dispatcher.implement("t::inner", DispatchKey::Undefined, engine::kernel_of([throws] {
                                        if (throws) throw engine::Error("thrown");
                                      })));
  kept.push_back(dispatcher.implement(
      "t::outer", DispatchKey::BackendSelect,
      engine::kernel_of([](const engine::Call& call) { call.op().typed<void()>().redispatch({}); })));
  kept.push_back(dispatcher.implement(
      "t::outer", DispatchKey::Undefined, engine::kernel_of([](const engine::Call& call) {
        const engine::ExcludeKeys guard(KeySet{DispatchKey::BackendSelect, DispatchKey::ADInplaceOrView});
        call.dispatcher().op("t::inner").typed<void()>().call();
      })));
  for (DispatchKey key : {DispatchKey::ADInplaceOrView})
    for (engine::Registration& each : dispatcher.fallback(key, engine::Kernel::fallthrough()))
      kept.push_back(std::move(each));
  const auto recording = std::make_shared<Recording>();
  recording->forgets = forgets;
  kept.push_back(dispatcher.observe(recording));
  try {
    dispatcher.op("t::outer").typed<void()>().call();
  } catch (const engine::Error&) {
  }
  return recording->text;
}

Schema without_position(std::string_view text) {
  try {
    return engine::parse_schema(text);
  } catch (const engine::InputError& error) {
    throw engine::InputError("", error.what());
  }
}
std::string without_writes(const Schema& schema) {
  Schema changed = schema;
  for (engine::Argument& argument : changed.arguments)
    if (argument.alias) argument.alias->write = false;
  return engine::to_string(changed);
}
std::string reals_as_integers(const Schema& schema) {
  Schema changed = schema;
  for (engine::Argument& argument : changed.arguments)
    if (argument.default_value && argument.default_value->kind == engine::Literal::Kind::real) {
      argument.default_value->kind = engine::Literal::Kind::integer;
      argument.default_value->integer = static_cast<int64_t>(argument.default_value->real);
      argument.default_value->real = 0;
    }
  return engine::to_string(changed);
}

}  // namespace

KeyFunctions sound_keys() {
  KeyFunctions functions;
  functions.in_new_thread = &keys_of_new_thread;
  functions.observed = [](bool throws) { return observed(throws, false); };
  return functions;
}

KeyFunctions broken_keys(int invariant) {
  KeyFunctions broken = sound_keys();
  // One past the slot from the second backend on.
  if (invariant == 1)
    broken.slot = [](KeySet keys) {
      return keys.table_index() + (keys.highest_backend() == engine::Backend::CUDA ? 1 : 0);
    };
  if (invariant == 2) broken.minus = [](KeySet a, KeySet b) { return KeySet::from_raw(a.raw() & ~b.raw()); };
  if (invariant == 3)
    broken.full_after = [](DispatchKey key) {
      const KeySet after = KeySet::full_after(key);
      return KeySet::from_raw(after.raw() & ~KeySet(DispatchKey::PythonDispatcher).raw());
    };
  if (invariant == 4)
    broken.add = [](KeySet keys, DispatchKey key) {
      return key == DispatchKey::Autograd ? keys | engine::autograd_keys : keys.add(key);
    };
  if (invariant == 11) broken.in_new_thread = &keys_of_parent;
  if (invariant == 12)
    broken.of_view = [](const Tensor& base) { return engine::dense_keys(base.device().type); };
  if (invariant == 21) broken.observed = [](bool throws) { return observed(throws, true); };
  return broken;
}

SchemaFunctions broken_schemas(int invariant) {
  SchemaFunctions broken;
  if (invariant == 26) broken.print = &without_writes;
  if (invariant == 27) broken.parse = &without_position;
  if (invariant == 28) broken.print = &reals_as_integers;
  if (invariant == 29)
    broken.compatible = [](const Schema& newer, const Schema& older) {
      return newer.arguments.size() <= older.arguments.size() + 1;  // not transitive
    };
  return broken;
}

}  // namespace oracles
