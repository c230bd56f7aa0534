// Laws of calls through interpreters: which are called, in which order, and what a thread's state is
// meanwhile and afterwards.
#include <fmt/format.h>

#include <memory>

#include "properties/python_mistakes.h"
#include "properties/python_world.h"

namespace properties {

namespace {

using engine::DispatchKey;
using engine::KeySet;
using engine::Stack;
using engine::Tensor;
using engine::ThreadKeys;

// --- drawn surroundings

// Puts tensors of a call into wrappers, each with chance 1 in 2, of one interpreter or another. Returns the
// interpreters in the order of their first wrapper.
std::vector<Told*> wrap_some(Stack& stack, ChoiceSource& choices, std::vector<Told*> interpreters) {
  std::vector<Told*> in_order;
  for (engine::Value& value : stack)
    engine::change_each_tensor(value, [&](Tensor& tensor) {
      if (!tensor.defined() || choices.chance(1, 2)) return;
      Told* const own = choices.pick(interpreters);
      tensor = own->wrap(tensor);
      if (std::find(in_order.begin(), in_order.end(), own) == in_order.end()) in_order.push_back(own);
    });
  return in_order;
}

// Modes that are popped in reverse.
class Pushed {
 public:
  Pushed() = default;
  Pushed(const Pushed&) = delete;
  Pushed& operator=(const Pushed&) = delete;
  ~Pushed() {
    while (!guards_.empty()) guards_.pop_back();
  }
  void push(Told& mode, engine::ModePlace place = engine::ModePlace::user) {
    guards_.push_back(std::make_unique<engine::ModeGuard>(mode, place));
  }

 private:
  std::vector<std::unique_ptr<engine::ModeGuard>> guards_;
};

Told::To drawn_act(ChoiceSource& choices) {
  constexpr std::array acts{Told::To::pass_on, Told::To::decline, Told::To::raise};
  return choices.pick(acts);
}

std::string text_of(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " "));
}
Tried called_are(const std::string& expected) {
  const std::string called = text_of(Told::called());
  return held_if(called == expected, fmt::format("called: {}; expected: {}", called, expected));
}

// --- laws

Tried thread_is_as_before(EngineWorld& world, ChoiceSource& choices) {
  OneCall call = draw_one_call(world, choices);
  Told low("low", drawn_act(choices)), high("high", drawn_act(choices)), own("own", drawn_act(choices));
  wrap_some(call.stack, choices, {&own});
  Pushed modes;
  for (Told* each : {&low, &high})
    if (choices.chance(1, 2)) modes.push(*each);
  const ThreadState before;
  Told::called().clear();
  const std::string ending = ending_of(world, call);
  const bool kept = ThreadState() == before;
  before.install();
  if (kept && Told::called().empty()) return not_tried("no interpreter is called");
  return held_if(kept, "the thread's state is not as before; the call: " + ending);
}

Tried entry_is_kept_during_the_outermost_call(EngineWorld& world, ChoiceSource& choices) {
  OneCall call = draw_one_call(world, choices);
  Told mode("mode", drawn_act(choices)), own("own");
  wrap_some(call.stack, choices, {&own});
  const engine::IncludeKeys marks(choices.chance(1, 2) ? KeySet(DispatchKey::PreDispatch) : KeySet());
  const engine::ModeGuard in_force(mode);
  const ThreadKeys at_entry = engine::thread_keys;
  std::string fault;
  mode.look = own.look = [&] {
    if (engine::entry_keys != at_entry) fault = "a handler does not see the keys of the outermost entry";
  };
  if (engine::entry_keys) fault = "keys are kept before the call";
  ending_of(world, call);
  if (engine::entry_keys) fault = "keys are kept after the call";
  engine::entry_keys.reset();
  return held_if(fault.empty(), fault);
}

Tried entry_is_restored_exactly(EngineWorld& world, ChoiceSource& choices) {
  const OneCall call = draw_one_call(world, choices);
  Told mode("mode");
  const engine::ExcludeKeys marks(choices.chance(1, 2) ? KeySet(DispatchKey::Tracer) : KeySet());
  const engine::ModeGuard in_force(mode);
  const ThreadKeys at_entry = engine::thread_keys;
  std::string fault;
  mode.look = [&] {
    const ThreadState handler;
    {
      const engine::RestoreEntryKeys restored;
      if (engine::thread_keys != at_entry) fault = "the restored keys are not those of the entry";
      if (engine::entry_keys) fault = "calls inside are not outermost ones";
    }
    if (ThreadState() != handler) fault = "the handler's state does not come back";
  };
  ending_of(world, call);
  const ThreadState outside;
  try {
    const engine::RestoreEntryKeys restored;
    fault = "there is something to restore outside of calls";
  } catch (const engine::Error&) {
    if (ThreadState() != outside) fault = "a refused restoration changes the thread's state";
  }
  outside.install();
  return held_if(fault.empty(), fault);
}

Tried each_level_is_called_once(EngineWorld& world, ChoiceSource& choices) {
  OneCall call = draw_one_call(world, choices);
  Told low("low"), high("high"), own("own");
  const bool wrapped = !wrap_some(call.stack, choices, {&own}).empty();
  Pushed modes;
  std::string expected;
  modes.push(low);
  if (choices.chance(1, 2)) {
    modes.push(high);
    expected = "high ";
  }
  expected += wrapped ? "low own" : "low";
  Told::called().clear();
  const engine::Modes before = engine::thread_modes;
  ending_of(world, call);
  if (engine::thread_modes != before) return broken("modes are not as before");
  return called_are(expected);
}

// The interpreters that are called before one takes the call, which then answers without another call.
Tried called_in_order(EngineWorld& world, ChoiceSource& choices) {
  using engine::ModePlace;
  OneCall call = draw_one_call(world, choices);
  constexpr auto declines = Told::To::decline;
  Told low("low", declines), high("high", declines), one("one", declines), two("two", declines),
      functional("functional", declines), proxy("proxy", declines), fake("fake", declines);
  std::vector<Told*> order = wrap_some(call.stack, choices, {&one, &two});
  Pushed modes;
  for (const auto& [mode, place] :
       std::array{std::pair{&fake, ModePlace::fake}, std::pair{&functional, ModePlace::functional}})
    if (choices.chance(1, 2)) modes.push(*mode, place);
  modes.push(proxy, ModePlace::proxy);
  modes.push(low);
  modes.push(high);
  order.insert(order.begin(), {&high, &low});
  if (engine::thread_modes.in_place[static_cast<size_t>(ModePlace::functional)]) order.push_back(&functional);
  order.push_back(&proxy);
  if (engine::thread_modes.in_place[static_cast<size_t>(ModePlace::fake)]) order.push_back(&fake);
  std::vector<std::string> expected;
  const size_t taker = choices.below(order.size() + 1);
  for (size_t i = 0; i < order.size() && i <= taker; ++i) expected.emplace_back(order[i]->name());
  if (taker < order.size()) order[taker]->to = Told::To::answer;

  Told::called().clear();
  const size_t depth = call.stack.size();
  std::string ending;
  try {
    world.dispatcher().op(call.op).call_boxed(call.stack);
  } catch (const engine::Error& error) {
    ending = engine::name_of(error.kind());
  }
  if (const Tried tried = called_are(text_of(expected)); tried.answer == Tried::Answer::broken) return tried;
  if (taker < order.size()) return held_if(ending.empty(), "raises although one takes it");
  return held_if(ending == "TypeError" && call.stack.size() == depth,
                 "no interpreter takes it, but: " + ending);
}

Tried first_wrapper_decides(EngineWorld& world, ChoiceSource& choices) {
  Told one("one", Told::To::answer), two("two", Told::To::answer);
  const auto plain = [] {
    return engine::ops::tensor_of(engine::DType::f32, std::array<int64_t, 1>{2}, {1, 2});
  };
  std::vector<Tensor> list{one.wrap(plain()), two.wrap(plain())};
  for (uint64_t left = choices.below(4); left > 0; --left)
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(choices.below(list.size() + 1)), plain());
  Told::called().clear();
  world.call("aten::cat", {list, 0});
  return called_are("one");
}

Tried no_interpreter_is_an_error(EngineWorld& world, ChoiceSource& choices) {
  const OneCall call = draw_one_call(world, choices);
  const engine::IncludeKeys python(engine::python_keys);
  const ThreadState before;
  const std::string ending = ending_of(world, call);
  const bool kept = ThreadState() == before;
  before.install();
  if (!kept) return broken("the thread's state is not as before");
  return held_if(ending.starts_with("InternalAssert: "), "there is no interpreter, and the call " + ending);
}

// A drawn call ends as it does without `dressed`. Two draws by one number are the same call.
template <class Dressed>
Tried same_as_without(EngineWorld& world, ChoiceSource& choices, Dressed&& dressed) {
  const uint64_t number = choices.below(uint64_t{1} << 32);
  corpora::PhiloxChoices once(number, 0, 0), again(number, 0, 0);
  const OneCall plain = draw_one_call(world, once), same = draw_one_call(world, again);
  const std::string without = ending_of(world, plain);
  const std::string with = dressed(same);
  return held_if(with == without, fmt::format("{} gives {} without, and {} with", plain.op, without, with));
}

Tried passing_on_changes_nothing(EngineWorld& world, ChoiceSource& choices) {
  return same_as_without(world, choices, [&](OneCall call) {
    Told own("own");
    engine::PassThrough mode;
    if (choices.chance(1, 2)) {
      wrap_some(call.stack, choices, {&own});
      return ending_of(world, call);
    }
    const engine::ModeGuard in_force(mode);
    return ending_of(world, call);
  });
}

Tried layers_are_transparent(EngineWorld& world, ChoiceSource& choices) {
  constexpr std::array<KeySet, 3> layers{KeySet{DispatchKey::PreDispatch},
                                         KeySet{DispatchKey::PythonTLSSnapshot},
                                         KeySet{DispatchKey::PreDispatch, DispatchKey::PythonTLSSnapshot}};
  return same_as_without(world, choices, [&](const OneCall& call) {
    const engine::IncludeKeys more(choices.pick(layers));
    return ending_of(world, call);
  });
}

// Each handler of several modes calls the very operator again.
Tried keys_at_each_depth(EngineWorld& world, ChoiceSource& choices) {
  const OneCall call = draw_one_call(world, choices);
  const size_t deep = 1 + choices.below(4);
  const ThreadKeys before = engine::thread_keys;
  KeySet above;
  for (const DispatchKey key : (KeySet::full() - KeySet::full_after(DispatchKey::Python)).keys())
    above |= engine::functionality_of(key);
  for (const DispatchKey key :
       {DispatchKey::Python, DispatchKey::Conjugate, DispatchKey::Negative, DispatchKey::ZeroTensor})
    above = above.remove(key);
  above &= KeySet::functionalities();

  std::vector<std::unique_ptr<Told>> told;
  Pushed modes;
  std::string fault;
  for (size_t below = 0; below < deep; ++below) {
    told.push_back(std::make_unique<Told>(fmt::format("mode {}", below)));
    const KeySet included = below > 0 ? before.included | engine::python_keys : before.included;
    told.back()->look = [&fault, wanted = ThreadKeys{included, before.excluded | above}] {
      if (engine::thread_keys != wanted) fault = "a handler's keys are not those predicted";
    };
    modes.push(*told.back());
  }
  Told::called().clear();
  ending_of(world, call);
  if (Told::called().size() != deep) return broken("not every mode was called once");
  return held_if(fault.empty(), fault);
}

const DeclaredLaws<EngineWorld> laws_of_python{
    {
        Law<EngineWorld>(
            5, "ThreadStateIsKept",
            "A call through interpreters leaves the thread's state as before, also when a handler raises.",
            0.4, {thread_is_as_before},
            {engine_with("a key stays excluded when a handler raises", leaves_a_key)}),
        Law<EngineWorld>(
            66, "EntryKeysAreKeptDuringTheOutermostCall",
            "During the outermost call, and only then, the keys that the thread had at its entry are kept.",
            1, {entry_is_kept_during_the_outermost_call},
            {engine_with("the entry's keys stay when a handler raises", leaves_entry_keys)}),
        Law<EngineWorld>(
            67, "RestoringGivesTheKeysOfTheEntry",
            "A handler that restores the entry's keys gets exactly these; outside of calls this is an error.",
            1, {entry_is_restored_exactly},
            {engine_with("the default keys are kept in place of the entry's", keeps_the_defaults)}),
        Law<EngineWorld>(68, "EachLevelIsCalledOnce",
                         "Each mode, and then the wrappers' interpreter, is called once for a call.", 1,
                         {each_level_is_called_once}, {engine_with("each is called twice", calls_twice)}),
        Law<EngineWorld>(
            69, "ModesThenWrappersThenPlaces",
            "Interpreters are called in order: modes of users, wrappers, then the functional, proxy and fake "
            "mode.",
            1, {called_in_order},
            {engine_with("the first wrapper's interpreter is called before any mode",
                         calls_the_first_wrapper)}),
        Law<EngineWorld>(
            70, "FirstWrapperDecides",
            "The first wrapper among the arguments decides, whatever plain tensors come before it.", 1,
            {first_wrapper_decides}, {engine_with("the last wrapper decides", calls_the_last_wrapper)}),
        Law<EngineWorld>(
            71, "NoInterpreterIsAnError",
            "A call that reaches Python without an interpreter is an internal error.", 1,
            {no_interpreter_is_an_error},
            {engine_with("the call is passed on without an interpreter", passes_on_without_one)}),
        Law<EngineWorld>(
            72, "PassingOnChangesNothing", "An interpreter that passes each call on changes nothing.", 1,
            {passing_on_changes_nothing},
            {engine_with("the keys above Python are not excluded in a handler", excludes_nothing)}),
        Law<EngineWorld>(73, "LayersAreTransparent", "The layers that only note a call change nothing in it.",
                         1, {layers_are_transparent},
                         {engine_with("the layer also skips those that count versions", skips_layers)}),
        Law<EngineWorld>(
            113, "KeysAtEachDepthArePredicted",
            "With several modes, the keys in each handler follow from its depth.", 1, {keys_at_each_depth},
            {engine_with("the keys above Python are not excluded in a handler", excludes_nothing)}),
    },
    {sound_engine()}};

}  // namespace
}  // namespace properties
