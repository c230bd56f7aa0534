// Laws of calls through interpreters: which interpreters are called, in which order, and the state of the
// thread during and after the call.
#include <fmt/format.h>

#include <memory>

#include "properties/python_mistakes.h"
#include "properties/python_world.h"

namespace properties {

namespace {

using engine::KeySet;
using engine::ThreadKeys;
using Does = Scripted::Does;

// --- drawn states of a call

// Wraps each tensor of a call with chance 1 in 2, in a wrapper of a drawn interpreter. Returns the
// interpreters in the order of their first wrapper.
std::vector<Scripted*> wrap_some(Stack& stack, ChoiceSource& choices, std::vector<Scripted*> interpreters) {
  std::vector<Scripted*> in_order;
  for (Value& value : stack)
    engine::change_each_tensor(value, [&](Tensor& tensor) {
      if (!tensor.defined() || choices.chance(1, 2)) return;
      Scripted* const own = choices.pick(interpreters);
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
  void push(Scripted& mode, engine::ModePlace place = engine::ModePlace::user) {
    guards_.push_back(std::make_unique<engine::ModeGuard>(mode, place));
  }

 private:
  std::vector<std::unique_ptr<engine::ModeGuard>> guards_;
};

Does drawn_action(ChoiceSource& choices) {
  constexpr std::array actions{Does::pass_on, Does::decline, Does::raise};
  return choices.pick(actions);
}

std::string text_of(const std::vector<std::string>& names) {
  return fmt::format("{}", fmt::join(names, " "));
}
Tried called_are(const std::string& expected) {
  const std::string called = text_of(Scripted::called());
  return held_if(called == expected, fmt::format("called: {}; expected: {}", called, expected));
}

// --- laws

Tried thread_is_as_before(EngineWorld& world, ChoiceSource& choices) {
  OneCall call = draw_one_call(world, choices);
  Scripted low("low", drawn_action(choices)), high("high", drawn_action(choices)),
      own("own", drawn_action(choices));
  wrap_some(call.stack, choices, {&own});
  Pushed modes;
  for (Scripted* each : {&low, &high})
    if (choices.chance(1, 2)) modes.push(*each);
  const ThreadState before;
  Scripted::called().clear();
  const std::string ending = ending_of(world, call);
  const bool kept = ThreadState() == before;
  before.install();
  if (kept && Scripted::called().empty()) return not_tried("no interpreter is called");
  return held_if(kept, "the thread's state is not as before; the call: " + ending);
}

Tried entry_is_kept_during_the_outermost_call(EngineWorld& world, ChoiceSource& choices) {
  OneCall call = draw_one_call(world, choices);
  Scripted mode("mode", drawn_action(choices)), own("own");
  wrap_some(call.stack, choices, {&own});
  const engine::IncludeKeys marks(choices.chance(1, 2) ? KeySet(DispatchKey::PreDispatch) : KeySet());
  const engine::ModeGuard in_force(mode);
  const ThreadKeys at_entry = engine::thread_keys;
  std::string fault;
  mode.look = own.look = [&] {
    if (engine::entry_keys != at_entry) fault = "a handler does not see the keys of the outermost entry";
  };
  if (engine::entry_keys) fault = "there are entry keys before the call";
  ending_of(world, call);
  if (engine::entry_keys) fault = "there are entry keys after the call";
  engine::entry_keys.reset();
  return held_if(fault.empty(), fault);
}

Tried entry_is_restored_exactly(EngineWorld& world, ChoiceSource& choices) {
  const OneCall call = draw_one_call(world, choices);
  Scripted mode("mode");
  const engine::ExcludeKeys marks(choices.chance(1, 2) ? KeySet(DispatchKey::Tracer) : KeySet());
  const engine::ModeGuard in_force(mode);
  const ThreadKeys at_entry = engine::thread_keys;
  std::string fault;
  mode.look = [&] {
    const ThreadState handler;
    {
      const engine::RestoreEntryKeys restored;
      if (engine::thread_keys != at_entry) fault = "the restored keys are not those of the entry";
      if (engine::entry_keys) fault = "a call inside would not be outermost";
    }
    if (ThreadState() != handler) fault = "the handler's state is not restored";
  };
  ending_of(world, call);
  const ThreadState outside;
  try {
    const engine::RestoreEntryKeys restored;
    fault = "entry keys can be restored outside of a call";
  } catch (const engine::Error&) {
    if (ThreadState() != outside) fault = "a refused restoration changes the thread's state";
  }
  outside.install();
  return held_if(fault.empty(), fault);
}

Tried each_level_is_called_once(EngineWorld& world, ChoiceSource& choices) {
  OneCall call = draw_one_call(world, choices);
  Scripted low("low"), high("high"), own("own");
  const bool wrapped = !wrap_some(call.stack, choices, {&own}).empty();
  Pushed modes;
  std::string expected;
  modes.push(low);
  if (choices.chance(1, 2)) {
    modes.push(high);
    expected = "high ";
  }
  expected += wrapped ? "low own" : "low";
  Scripted::called().clear();
  const engine::Modes before = engine::thread_modes;
  ending_of(world, call);
  if (engine::thread_modes != before) return broken("modes are not as before");
  return called_are(expected);
}

// Interpreters are called in order until one answers; all before it decline.
Tried called_in_order(EngineWorld& world, ChoiceSource& choices) {
  using engine::ModePlace;
  OneCall call = draw_one_call(world, choices);
  constexpr auto declines = Does::decline;
  Scripted low("low", declines), high("high", declines), one("one", declines), two("two", declines),
      functional("functional", declines), proxy("proxy", declines), fake("fake", declines);
  std::vector<Scripted*> order = wrap_some(call.stack, choices, {&one, &two});
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
  const size_t answering = choices.below(order.size() + 1);
  for (size_t i = 0; i < order.size() && i <= answering; ++i) expected.emplace_back(order[i]->name());
  if (answering < order.size()) order[answering]->does = Does::answer;

  Scripted::called().clear();
  const size_t depth = call.stack.size();
  std::string ending;
  try {
    world.dispatcher().op(call.op).call_boxed(call.stack);
  } catch (const engine::Error& error) {
    ending = engine::name_of(error.kind());
  }
  if (const Tried tried = called_are(text_of(expected)); tried.answer == Tried::Answer::broken) return tried;
  if (answering < order.size())
    return held_if(ending.empty(), "the call raises although an interpreter answers");
  return held_if(ending == "TypeError" && call.stack.size() == depth,
                 "no interpreter answers, but the call ends with: " + ending);
}

Tried first_wrapper_decides(EngineWorld& world, ChoiceSource& choices) {
  Scripted one("one", Does::answer), two("two", Does::answer);
  const auto plain = [] {
    return engine::ops::tensor_of(engine::DType::f32, std::array<int64_t, 1>{2}, {1, 2});
  };
  std::vector<Tensor> list{one.wrap(plain()), two.wrap(plain())};
  for (uint64_t left = choices.below(4); left > 0; --left)
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(choices.below(list.size() + 1)), plain());
  Scripted::called().clear();
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
  return held_if(ending.starts_with("InternalAssert: "),
                 "without an interpreter, the call ends with: " + ending);
}

// The law that a drawn call ends in the same way when `changed` makes it. One number draws the same call
// twice.
template <class Changed>
Tried same_as_without(EngineWorld& world, ChoiceSource& choices, Changed&& changed) {
  const uint64_t number = choices.below(uint64_t{1} << 32);
  corpora::PhiloxChoices once(number, 0, 0), again(number, 0, 0);
  const OneCall plain = draw_one_call(world, once), same = draw_one_call(world, again);
  const std::string without = ending_of(world, plain);
  const std::string with = changed(same);
  return held_if(with == without, fmt::format("{} gives {} without, and {} with", plain.op, without, with));
}

Tried passing_on_changes_nothing(EngineWorld& world, ChoiceSource& choices) {
  return same_as_without(world, choices, [&](OneCall call) {
    Scripted own("own");
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

// Each mode's handler calls the same operator again.
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

  std::vector<std::unique_ptr<Scripted>> interpreters;
  Pushed modes;
  std::string fault;
  for (size_t below = 0; below < deep; ++below) {
    interpreters.push_back(std::make_unique<Scripted>(fmt::format("mode {}", below)));
    const KeySet included = below > 0 ? before.included | engine::python_keys : before.included;
    interpreters.back()->look = [&fault, wanted = ThreadKeys{included, before.excluded | above}] {
      if (engine::thread_keys != wanted) fault = "a handler's keys are not those predicted";
    };
    modes.push(*interpreters.back());
  }
  Scripted::called().clear();
  ending_of(world, call);
  if (Scripted::called().size() != deep) return broken("not every mode was called once");
  return held_if(fault.empty(), fault);
}

using Row = Law<EngineWorld>;
const DeclaredLaws<EngineWorld> laws_of_python{
    {
        Row(5, "ThreadStateIsKept",
            "A call through interpreters leaves the thread's state unchanged, also if a handler raises.", 0.4,
            {thread_is_as_before},
            {wrong_at<DispatchKey::Python>("a key stays excluded when a handler raises", leaves_a_key)}),
        Row(66, "EntryKeysAreKeptDuringTheOutermostCall",
            "The keys of the thread at the entry of the outermost call are kept exactly as long "
            "as that call runs.",
            1, {entry_is_kept_during_the_outermost_call},
            {wrong_at<DispatchKey::PythonTLSSnapshot>("the entry's keys stay when a handler raises",
                                                      leaves_entry_keys)}),
        Row(67, "RestoringGivesTheKeysOfTheEntry",
            "A handler that restores the entry's keys has exactly these keys; outside of calls "
            "this is an error.",
            1, {entry_is_restored_exactly},
            {wrong_at<DispatchKey::PythonTLSSnapshot>("the default keys are kept in place of the entry's",
                                                      keeps_the_defaults)}),
        Row(68, "EachLevelIsCalledOnce",
            "Each mode, and then the wrappers' interpreter, is called once for a call.", 1,
            {each_level_is_called_once},
            {wrong_at<DispatchKey::Python>("each is called twice", calls_twice)}),
        Row(69, "ModesThenWrappersThenPlaces",
            "Interpreters are called in order: modes of users, wrappers, then the functional, proxy and fake "
            "mode.",
            1, {called_in_order},
            {wrong_at<DispatchKey::Python>("the first wrapper's interpreter is called before any mode",
                                           calls_the_first_wrapper)}),
        Row(70, "FirstWrapperDecides",
            "The first wrapper among the arguments decides, also if plain tensors come before it.", 1,
            {first_wrapper_decides},
            {wrong_at<DispatchKey::Python>("the last wrapper decides", calls_the_last_wrapper)}),
        Row(71, "NoInterpreterIsAnError",
            "A call that reaches Python without an interpreter is an internal error.", 1,
            {no_interpreter_is_an_error},
            {wrong_at<DispatchKey::Python>("the call is passed on without an interpreter", skips_python)}),
        Row(72, "PassingOnChangesNothing", "An interpreter that passes each call on changes nothing.", 1,
            {passing_on_changes_nothing},
            {wrong_at<DispatchKey::Python>("the keys above Python are not excluded in a handler",
                                           excludes_nothing)}),
        Row(73, "LayersAreTransparent", "The layers that only record a call change nothing in it.", 1,
            {layers_are_transparent},
            {wrong_at<DispatchKey::PreDispatch>("the layer also skips the layers that count versions",
                                                skips_layers)}),
        Row(113, "KeysAtEachDepthArePredicted",
            "With several modes, the depth of a handler determines its keys.", 1, {keys_at_each_depth},
            {wrong_at<DispatchKey::Python>("the keys above Python are not excluded in a handler",
                                           excludes_nothing)}),
    },
    {sound_engine()}};

}  // namespace
}  // namespace properties
