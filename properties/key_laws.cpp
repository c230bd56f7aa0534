// Laws of key sets, of a thread's keys and of observers. Their world is the functions that they are about; in
// a broken world one of them is wrong.
#include <thread>

#include "engine/core/tensor.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/dispatch/thread_keys.h"
#include "properties/law.h"

namespace properties {

namespace {

using engine::DispatchKey;
using engine::KeySet;
using engine::Tensor;

engine::ThreadKeys keys_of_new_thread() {
  engine::ThreadKeys seen;
  std::thread([&] { seen = engine::thread_keys; }).join();
  return seen;
}

struct Recording : engine::Observer {
  bool forgets_throws = false;
  std::string text;
  void on_begin(const engine::CallEvent&) override { text += '('; }
  void on_end(const engine::CallEvent&, bool returned) override {
    if (returned || !forgets_throws) text += ')';
  }
};

// Begin and end, "(" and ")", of each observed call: an outer call redispatches, and its kernel makes an
// inner call, which returns or throws.
std::string observed(bool throws, bool forgets_throws) {
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
  for (engine::Registration& each :
       dispatcher.fallback(DispatchKey::ADInplaceOrView, engine::Kernel::fallthrough()))
    kept.push_back(std::move(each));
  const auto recording = std::make_shared<Recording>();
  recording->forgets_throws = forgets_throws;
  kept.push_back(dispatcher.observe(recording));
  try {
    dispatcher.op("t::outer").typed<void()>().call();
  } catch (const engine::Error&) {
  }
  return recording->text;
}

struct KeyFunctions {
  size_t (*slot)(KeySet) = [](KeySet keys) { return keys.table_index(); };
  KeySet (*minus)(KeySet, KeySet) = [](KeySet a, KeySet b) { return a - b; };
  KeySet (*full_after)(DispatchKey) = &KeySet::full_after;
  KeySet (*add)(KeySet, DispatchKey) = [](KeySet keys, DispatchKey key) { return keys.add(key); };
  engine::ThreadKeys (*in_new_thread)() = &keys_of_new_thread;
  KeySet (*of_view)(const Tensor&) = [](const Tensor& base) {
    return base.view(base.sizes(), base.strides(), base.offset()).keys();
  };
  std::string (*observe)(bool throws) = [](bool throws) { return observed(throws, false); };
};

KeySet any_set(ChoiceSource& choices) {
  KeySet keys;
  for (uint64_t left = choices.below(6); left > 0; --left) keys |= choices.pick(engine::table_keys());
  return keys;
}
DispatchKey any_key(ChoiceSource& choices) { return choices.pick(engine::table_keys()); }

Tried slot_is_the_highest_keys(KeyFunctions& f, ChoiceSource& choices) {
  const KeySet keys = any_set(choices);
  const DispatchKey at_slot = engine::table_keys()[f.slot(keys) % engine::table_size];
  return held_if(at_slot == keys.highest_key(), to_string(keys));
}

Tried difference_keeps_backends(KeyFunctions& f, ChoiceSource& choices) {
  const KeySet keys = any_set(choices);
  const DispatchKey key = any_key(choices);
  const KeySet left = f.minus(keys | key, key);
  return held_if((left & KeySet::backends()) == ((keys | key) & KeySet::backends()), to_string(left));
}

Tried full_after_is_below(KeyFunctions& f, ChoiceSource& choices) {
  const DispatchKey a = any_key(choices), b = any_key(choices);
  if (a == DispatchKey::Undefined || b == DispatchKey::Undefined) return not_tried("Undefined was drawn");
  if (a != DispatchKey::PythonDispatcher && f.full_after(a).has(a)) return broken("it holds the key itself");
  if (!f.full_after(a).has(DispatchKey::PythonDispatcher)) return broken("PythonDispatcher is gone");
  const bool lower = engine::functionality_of(a) <= engine::functionality_of(b);
  return held_if(!lower || f.full_after(b).has_all(f.full_after(a)), "not monotone");
}

Tried aliases_are_not_members(KeyFunctions& f, ChoiceSource& choices) {
  const KeySet keys = any_set(choices);
  const auto alias =
      static_cast<DispatchKey>(choices.between(engine::first_alias_key, engine::dispatch_key_count - 1));
  return held_if(f.add(keys, alias) == keys && !keys.has(alias), std::string(name_of(alias)));
}

Tried threads_start_with_the_defaults(KeyFunctions& f, ChoiceSource& choices) {
  const engine::IncludeKeys include(any_key(choices));
  const engine::ExcludeKeys exclude(any_key(choices));
  if (engine::thread_keys == engine::ThreadKeys()) return not_tried("the parent has the default keys");
  return held_if(f.in_new_thread() == engine::ThreadKeys(), "it sees the keys of its parent");
}

Tried views_have_the_keys_of_their_base(KeyFunctions& f, ChoiceSource& choices) {
  Tensor base = engine::make_tensor(engine::DType::f32, std::vector<int64_t>{2});
  base.set_keys(base.keys() | any_set(choices));
  if (f.of_view(base) != base.keys()) return broken("a view has different keys");
  for (DispatchKey bit : {DispatchKey::Conjugate, DispatchKey::Negative})
    if ((base.toggled(bit).keys() ^ base.keys()) != KeySet(bit))
      return broken("toggling changes more than the bit");
  return held();
}

Tried observers_see_pairs(KeyFunctions& f, ChoiceSource& choices) {
  const std::string seen = f.observe(choices.chance(1, 2));
  return held_if(seen == "(())", "begins and ends of calls: " + seen);
}

using KeyLaw = Law<KeyFunctions>;
const DeclaredLaws<KeyFunctions> laws_of_keys{
    {
        KeyLaw(1, "SlotIsTheHighestKeys", "The table slot of a key set is that of its highest key.", 1,
               {slot_is_the_highest_keys},
               {with("from the second backend on, the slot is one too high", &KeyFunctions::slot,
                     [](KeySet keys) {
                       return keys.table_index() + (keys.highest_backend() == engine::Backend::CUDA ? 1 : 0);
                     })}),
        KeyLaw(2, "DifferenceKeepsBackends", "Removing a key from a set keeps the set's backends.", 1,
               {difference_keeps_backends},
               {with("all bits of the removed set are cleared", &KeyFunctions::minus,
                     [](KeySet a, KeySet b) { return KeySet::from_raw(a.raw() & ~b.raw()); })}),
        KeyLaw(3, "FullAfterIsBelow",
               "full_after(key) lacks the key, holds PythonDispatcher, and grows with the key.", 0.5,
               {full_after_is_below},
               {with("PythonDispatcher is cleared", &KeyFunctions::full_after,
                     [](DispatchKey key) {
                       return KeySet::from_raw(KeySet::full_after(key).raw() &
                                               ~KeySet(DispatchKey::PythonDispatcher).raw());
                     })}),
        KeyLaw(4, "AliasesAreNotMembers", "Adding an alias key to a set changes nothing.", 1,
               {aliases_are_not_members},
               {with("Autograd adds the keys that it expands to", &KeyFunctions::add,
                     [](KeySet keys, DispatchKey key) {
                       return key == DispatchKey::Autograd ? keys | engine::autograd_keys : keys.add(key);
                     })}),
        KeyLaw(11, "ThreadsStartWithTheDefaults",
               "A new thread has the default keys, whatever guards are open in its parent.", 0.5,
               {threads_start_with_the_defaults},
               {with("a thread inherits the keys of its parent", &KeyFunctions::in_new_thread,
                     [] { return engine::thread_keys; })}),
        KeyLaw(12, "ViewsHaveTheKeysOfTheirBase",
               "A view has the keys of its base; toggling a lazy bit changes that bit alone.", 1,
               {views_have_the_keys_of_their_base},
               {with("a view has the keys of a new tensor", &KeyFunctions::of_view,
                     [](const Tensor& base) { return engine::dense_keys(base.device().type); })}),
        KeyLaw(21, "ObserversSeePairs",
               "An observer sees one begin and one end for each call, also for a call that throws.", 1,
               {observers_see_pairs},
               {with("the end of a call that throws is not observed", &KeyFunctions::observe,
                     [](bool throws) { return observed(throws, true); })}),
    },
    {{"engine", [] { return std::make_unique<KeyFunctions>(); }}}};

}  // namespace
}  // namespace properties
