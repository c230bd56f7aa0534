// INV-66 to INV-73 of calls through interpreters, and INV-05 and INV-113 where they take part: each a law by
// its number over drawn calls. Each holds with the engine's fallbacks, and each objects to a dispatcher in
// which one of these is broken in a way that would break it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "properties/python_broken.h"

namespace properties {
namespace {

using engine::ThreadKeys;

// What is wrong in one round, or empty.
using Law = std::string (*)(const PythonWorld&, ChoiceSource&);

std::string unless(bool holds, std::string what) { return holds ? std::string() : std::move(what); }

// --- drawn surroundings

// Tensors of a call behind wrappers: each with chance 1 in 2, of one interpreter or the other.
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

// Modes of users, pushed the first first.
class Pushed {
 public:
  void push(Told& mode, engine::ModePlace place = engine::ModePlace::user) {
    guards_.push_back(std::make_unique<engine::ModeGuard>(mode, place));
  }
  ~Pushed() {
    while (!guards_.empty()) guards_.pop_back();
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

// --- laws

std::string thread_is_as_before(const PythonWorld& world, ChoiceSource& choices) {
  const DrawnCall call = draw_call(choices);
  Told low("low", drawn_act(choices)), high("high", drawn_act(choices)), own("own", drawn_act(choices));
  Stack stack = call.stack(world);
  wrap_some(stack, choices, {&own});
  Pushed modes;
  for (Told* each : {&low, &high})
    if (choices.chance(1, 2)) modes.push(*each);
  const ThreadState before;
  const std::string ending = ending_of(world, call.op, stack);
  const bool kept = ThreadState() == before;
  before.install();
  return unless(kept, "the thread's state is not as before; the call: " + ending);
}

std::string entry_is_kept_during_the_outermost_call(const PythonWorld& world, ChoiceSource& choices) {
  const DrawnCall call = draw_call(choices);
  Told mode("mode", drawn_act(choices)), own("own");
  Stack stack = call.stack(world);
  wrap_some(stack, choices, {&own});
  const engine::IncludeKeys marks(choices.chance(1, 2) ? KeySet(DispatchKey::PreDispatch) : KeySet());
  const engine::ModeGuard in_force(mode);
  const ThreadKeys at_entry = engine::thread_keys;
  std::string fault;
  mode.look = own.look = [&] {
    if (engine::entry_keys != at_entry) fault = "a handler does not see the keys of the outermost entry";
  };
  if (engine::entry_keys) fault = "keys are kept before the call";
  ending_of(world, call.op, stack);
  if (engine::entry_keys) fault = "keys are kept after the call";
  engine::entry_keys.reset();
  return fault;
}

std::string entry_is_restored_exactly(const PythonWorld& world, ChoiceSource& choices) {
  const DrawnCall call = draw_call(choices);
  Told mode("mode");
  const engine::ExcludeKeys marks(choices.chance(1, 2) ? KeySet(DispatchKey::Tracer) : KeySet());
  const engine::ModeGuard in_force(mode);
  const ThreadKeys at_entry = engine::thread_keys;
  std::string fault;
  mode.look = [&] {
    const ThreadState handler;
    {
      const engine::RestoreEntryKeys restored;
      if (engine::thread_keys != at_entry) fault = "what is restored is not what was there at the entry";
      if (engine::entry_keys) fault = "calls inside are not outermost ones";
    }
    if (ThreadState() != handler) fault = "the handler's state does not come back";
  };
  ending_of(world, call.op, call.stack(world));
  const ThreadState outside;
  try {
    const engine::RestoreEntryKeys restored;
    fault = "there is something to restore outside of calls";
  } catch (const engine::Error&) {
    if (ThreadState() != outside) fault = "a refused restoration changes the thread's state";
  }
  outside.install();
  return fault;
}

std::string each_level_is_asked_once(const PythonWorld& world, ChoiceSource& choices) {
  const DrawnCall call = draw_call(choices);
  Told low("low"), high("high"), own("own");
  Stack stack = call.stack(world);
  const bool wrapped = !wrap_some(stack, choices, {&own}).empty();
  Pushed modes;
  std::string expected;
  modes.push(low);
  if (choices.chance(1, 2)) {
    modes.push(high);
    expected = "high ";
  }
  expected += wrapped ? "low own" : "low";
  Told::asked().clear();
  const engine::Modes before = engine::thread_modes;
  ending_of(world, call.op, stack);
  if (engine::thread_modes != before) return "modes are not as before";
  const std::string asked = text_of(Told::asked());
  return unless(asked == expected, fmt::format("asked: {}; expected: {}", asked, expected));
}

// Who is asked before somebody takes the call; who takes it answers without another call.
std::string asked_in_order(const PythonWorld& world, ChoiceSource& choices) {
  using engine::ModePlace;
  const DrawnCall call = draw_call(choices);
  constexpr auto declines = Told::To::decline;
  Told low("low", declines), high("high", declines), one("one", declines), two("two", declines),
      functional("functional", declines), proxy("proxy", declines), fake("fake", declines);
  Stack stack = call.stack(world);
  std::vector<Told*> order = wrap_some(stack, choices, {&one, &two});
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

  Told::asked().clear();
  const size_t depth = stack.size();
  std::string ending;
  try {
    world.op(call.op).call_boxed(stack);
  } catch (const engine::Error& error) {
    ending = engine::name_of(error.kind());
  }
  if (Told::asked() != expected)
    return fmt::format("asked: {}; expected: {}", text_of(Told::asked()), text_of(expected));
  if (taker < order.size()) return unless(ending.empty(), "raises although one takes it");
  return unless(ending == "TypeError" && stack.size() == depth, "nobody takes it, and that is no TypeError");
}

// The first wrapper decides, whatever plain tensors stand before it.
std::string first_wrapper_decides(const PythonWorld& world, ChoiceSource& choices) {
  Told one("one", Told::To::answer), two("two", Told::To::answer);
  const auto plain = [] {
    return engine::ops::tensor_of(engine::DType::f32, std::array<int64_t, 1>{2}, {1, 2});
  };
  std::vector<Tensor> list{one.wrap(plain()), two.wrap(plain())};
  for (uint64_t left = choices.below(4); left > 0; --left)
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(choices.below(list.size() + 1)), plain());
  Told::asked().clear();
  Stack stack{list, 0};
  world.op("aten::cat").call_boxed(stack);
  return unless(text_of(Told::asked()) == "one", "asked: " + text_of(Told::asked()));
}

std::string nobody_to_ask_is_an_error(const PythonWorld& world, ChoiceSource& choices) {
  const DrawnCall call = draw_call(choices);
  const engine::IncludeKeys python(engine::python_keys);
  const ThreadState before;
  const std::string ending = ending_of(world, call.op, call.stack(world));
  const bool kept = ThreadState() == before;
  before.install();
  if (!kept) return "the thread's state is not as before";
  return unless(ending.starts_with("InternalAssert: "), "nobody is there, and the call " + ending);
}

// A drawn call ends in the same way under what `dress` does. Two draws by one number are the same call.
template <class Dressed>
std::string same_as_without(const PythonWorld& world, ChoiceSource& choices, Dressed&& dressed) {
  const uint64_t number = choices.below(uint64_t{1} << 32);
  corpora::PhiloxChoices once(number, 0, 0), again(number, 0, 0);
  const DrawnCall plain = draw_call(once), same = draw_call(again);
  const std::string without = ending_of(world, plain.op, plain.stack(world));
  const std::string with = dressed(same.op, same.stack(world));
  return unless(with == without, fmt::format("{} gives {} without, and {} with", plain.op, without, with));
}

std::string passing_on_changes_nothing(const PythonWorld& world, ChoiceSource& choices) {
  return same_as_without(world, choices, [&](const std::string& op, Stack stack) {
    Told own("own");
    engine::PassThrough mode;
    if (choices.chance(1, 2)) {
      wrap_some(stack, choices, {&own});
      return ending_of(world, op, stack);
    }
    const engine::ModeGuard in_force(mode);
    return ending_of(world, op, stack);
  });
}

std::string layers_are_transparent(const PythonWorld& world, ChoiceSource& choices) {
  constexpr std::array<KeySet, 3> layers{KeySet{DispatchKey::PreDispatch},
                                         KeySet{DispatchKey::PythonTLSSnapshot},
                                         KeySet{DispatchKey::PreDispatch, DispatchKey::PythonTLSSnapshot}};
  return same_as_without(world, choices, [&](const std::string& op, const Stack& stack) {
    const engine::IncludeKeys more(choices.pick(layers));
    return ending_of(world, op, stack);
  });
}

// Modes over modes: each handler calls the very operator again, and the keys are predicted at each depth.
std::string keys_at_each_depth(const PythonWorld& world, ChoiceSource& choices) {
  const DrawnCall call = draw_call(choices);
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
  Told::asked().clear();
  ending_of(world, call.op, call.stack(world));
  if (Told::asked().size() != deep) return "not every mode was asked once";
  return fault;
}

// --- the table

struct Row {
  int invariant;
  const char* name;
  Law law;
  PythonFallbacks (*broken)();
};
constexpr std::array rows{
    Row{5, "TheThreadIsAsBefore", thread_is_as_before, leaves_a_key},
    Row{66, "EntryKeysAreKeptDuringTheOutermostCall", entry_is_kept_during_the_outermost_call,
        leaves_entry_keys},
    Row{67, "RestoringGivesTheEntrysKeys", entry_is_restored_exactly, keeps_the_defaults},
    Row{68, "EachLevelIsAskedOnce", each_level_is_asked_once, asks_twice},
    Row{69, "ModesThenWrappersThenPlaces", asked_in_order, [] { return asks_a_wrapper(false); }},
    Row{70, "TheFirstWrapperDecides", first_wrapper_decides, [] { return asks_a_wrapper(true); }},
    Row{71, "NobodyToAskIsAnError", nobody_to_ask_is_an_error, passes_by_nobody},
    Row{72, "PassingOnChangesNothing", passing_on_changes_nothing, excludes_nothing},
    Row{73, "LayersAreTransparent", layers_are_transparent, skips_layers},
    Row{113, "KeysAtEachDepthAreAsPredicted", keys_at_each_depth, excludes_nothing},
};

class PythonLaws : public testing::TestWithParam<Row> {
 protected:
  // The first fault in so many rounds, or nothing.
  static std::string first_fault(const PythonFallbacks& fallbacks) {
    const PythonWorld world(fallbacks);
    constexpr uint64_t rounds = 500;
    for (uint64_t round = 0; round < rounds; ++round) {
      corpora::PhiloxChoices choices(1, static_cast<uint64_t>(GetParam().invariant), round);
      if (std::string fault = GetParam().law(world, choices); !fault.empty())
        return fmt::format("round {}: {}", round, fault);
    }
    return {};
  }
};

TEST_P(PythonLaws, Holds) { EXPECT_EQ(first_fault({}), ""); }
TEST_P(PythonLaws, ObjectsWhereItIsBroken) { EXPECT_NE(first_fault(GetParam().broken()), ""); }

std::string name_of_law(const testing::TestParamInfo<Row>& info) {
  return fmt::format("INV_{:02}_{}", info.param.invariant, info.param.name);
}
INSTANTIATE_TEST_SUITE_P(Invariant, PythonLaws, testing::ValuesIn(rows), name_of_law);

}  // namespace
}  // namespace properties
