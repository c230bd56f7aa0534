// Laws of calls with fake tensors: what they give, and what they leave behind.
#include <fmt/format.h>

#include <algorithm>

#include "properties/fake_mistakes.h"

namespace properties {

namespace {

using engine::Device;
using engine::DeviceType;
using engine::Dims;
using engine::DType;
using engine::Stack;
using engine::Tensor;
using engine::Value;
using engine::fake::NeedsData;
using engine::ops::tensor_of;

// --- calls

struct NamedCall {
  const char* op;
  std::vector<Value> arguments;
};

// A call of fresh matrices; some raise.
NamedCall draw_named_call(ChoiceSource& choices) {
  const Tensor a = matrix(choices), b = choices.chance(1, 2) ? a : matrix(choices);
  switch (choices.below(7)) {
    case 0:
      return {"aten::mul.Tensor", {a, b}};
    case 1:
      return {"aten::add_.Tensor", {a, b}};
    case 2:
      return {"aten::mm", {a, b}};
    case 3:
      return {"aten::transpose.int", {a, 0, 1}};
    case 4:
      return {"aten::unbind.int", {a, static_cast<int64_t>(choices.below(3))}};
    case 5:
      return {"aten::sum.dim_IntList", {a, Dims{static_cast<int64_t>(choices.below(2))}}};
    default:
      return {"aten::cat", {std::vector<Tensor>{a, b}, static_cast<int64_t>(choices.below(2))}};
  }
}

std::vector<Value> converted(FakeWorld& world, FakeMode& mode, std::vector<Value> arguments) {
  for (Value& value : arguments)
    engine::change_each_tensor(value, [&](Tensor& tensor) { tensor = world.convert(mode, Tensor(tensor)); });
  return arguments;
}

// The results as text, or the class of the error.
std::string ending_of(FakeWorld& world, FakeMode& mode, const NamedCall& call) {
  try {
    std::string text;
    for (const Value& result : world.run(mode, call.op, call.arguments))
      engine::for_each_tensor(result, [&](const Tensor& tensor) { text += text_of(tensor) + "; "; });
    return text;
  } catch (const engine::Error& error) {
    return std::string(engine::name_of(error.kind()));
  }
}

Tried hit_is_a_miss(FakeWorld& world, ChoiceSource& choices) {
  FakeMode cached, plain({.caches_calls = false});
  const NamedCall call = draw_named_call(choices);
  const std::string miss = ending_of(world, plain, {call.op, converted(world, plain, call.arguments)});
  const auto in_cached = [&] {
    return ending_of(world, cached, {call.op, converted(world, cached, call.arguments)});
  };
  in_cached();
  const uint64_t before = cached.cache().counts().hits;
  const std::string hit = in_cached();
  if (cached.cache().counts().hits == before) return not_tried("the cache does not answer");
  return held_if(hit == miss, fmt::format("hit: {}; miss: {}", hit, miss));
}

Tried real_run_has_the_same_metadata(FakeWorld& world, ChoiceSource& choices) {
  FakeMode mode;
  const NamedCall call = draw_named_call(choices);
  std::string fake, real;
  const auto add = [](std::string& to, const Stack& results) {
    for (const Value& result : results)
      engine::for_each_tensor(result, [&](const Tensor& tensor) { to += geometry_of(tensor) + "; "; });
  };
  try {
    add(fake, world.run(mode, call.op, converted(world, mode, call.arguments)));
  } catch (const engine::Error& error) {
    fake = engine::name_of(error.kind());
  }
  try {
    add(real, world.op.all(call.op, call.arguments));
  } catch (const engine::Error& error) {
    real = engine::name_of(error.kind());
  }
  return held_if(fake == real, fmt::format("fake: {}; real: {}", fake, real));
}

Tried error_leaves_the_thread(FakeWorld& world, ChoiceSource& choices) {
  FakeMode mode;
  const Tensor a = world.convert(mode, matrix(choices));
  const auto keys = engine::thread_keys;
  const auto modes = engine::thread_modes;
  Stack stack{Value(a), Value(a), Value(7)};
  bool raised = false;
  try {
    world.call(mode, world.dispatcher().op("aten::transpose.int"), stack);
  } catch (const engine::Error&) {
    raised = true;
  }
  const bool kept = engine::thread_keys == keys && engine::thread_modes == modes;
  engine::thread_keys = keys;
  engine::thread_modes = modes;
  if (!raised) return broken("the call does not raise");
  return held_if(kept, "the thread's keys or modes are not as before");
}

// --- plain tensors in a mode

Tried plain_tensors_are_refused_before_effects(FakeWorld& world, ChoiceSource& choices) {
  FakeMode strict, lenient({.converts_plain_tensors = true});
  const Tensor plain = matrix(choices);
  const uint32_t version = plain.version();
  const double before = engine::ops::values_of(plain)[0];
  bool refused = false;
  try {
    world.run(strict, "aten::add_.Scalar", {plain, 1});
  } catch (const engine::Error&) {
    refused = true;
  }
  if (!refused) return broken("a plain tensor is accepted");
  if (plain.version() != version || engine::ops::values_of(plain)[0] != before)
    return broken("a refused call has an effect");
  const Tensor given = world.run(lenient, "aten::t", {plain}).back().tensor(),
               same = world.run(lenient, "aten::t", {lenient.fake_of(plain)}).back().tensor();
  return held_if(text_of(given) == text_of(same) && given.shares_storage(same),
                 "a converted plain tensor gives another result than its fake");
}

// --- constants

double item_of(FakeWorld& world, FakeMode& mode, const Tensor& fake) {
  return world.run(mode, "aten::_local_scalar_dense", {fake}).back().real();
}

Tried item_is_never_stale(FakeWorld& world, ChoiceSource& choices) {
  FakeMode mode;
  const Tensor real = tensor_of(DType::f64, {1}, {3}),
               unknown = mode.fake_of(tensor_of(DType::f64, {1}, {2}));
  std::vector<Tensor> aliases{mode.lift(real)}, truth{world.op("aten::clone", {real})};
  bool known = true;
  for (uint64_t left = 1 + choices.below(5); left > 0; --left) {
    const size_t k = choices.below(aliases.size());
    switch (choices.below(4)) {
      case 0:
        aliases.push_back(world.run(mode, "aten::view", {aliases[k], Dims{1, 1}}).back().tensor());
        truth.push_back(world.op("aten::view", {truth[k], Dims{1, 1}}));
        break;
      case 1:
        world.run(mode, "aten::mul_.Scalar", {aliases[k], 2});
        world.op("aten::mul_.Scalar", {truth[k], 2});
        break;
      case 2:
        world.run(mode, "aten::neg_", {aliases[k]});
        world.op("aten::neg_", {truth[k]});
        break;
      default:
        world.run(mode, "aten::add_.Tensor", {aliases[k], unknown});
        known = false;
    }
  }
  const size_t read = choices.below(aliases.size());
  try {
    const double item = item_of(world, mode, aliases[read]);
    if (!known) return broken("a value is known after a write of unknown values");
    return held_if(item == engine::ops::values_of(truth[read])[0], "the value is not the real one");
  } catch (const NeedsData&) {
    return known ? broken("the value of a constant is not known") : held();
  }
}

// --- devices

Tried device_does_not_depend_on_order(FakeWorld& world, ChoiceSource& choices) {
  const auto on = [](Device device, const Dims& sizes) {
    return Tensor::over(engine::make_storage_without_data(device, 64), DType::f32, sizes,
                        engine::contiguous_strides(sizes));
  };
  constexpr std::array devices{Device(DeviceType::cpu), Device(DeviceType::cuda, 0),
                               Device(DeviceType::cuda, 1), Device(DeviceType::meta)};
  std::vector<Tensor> tensors;
  for (uint64_t left = 2 + choices.below(2); left > 0; --left)
    tensors.push_back(on(choices.pick(devices), choices.chance(1, 2) ? Dims{} : Dims{2}));
  const std::optional<Device> one = world.device_of(tensors);
  std::ranges::reverse(tensors);
  if (world.device_of(tensors) != one) return broken("the device depends on the order of the tensors");
  bool mixed = false;
  for (const Tensor& a : tensors)
    for (const Tensor& b : tensors)
      mixed = mixed || (a.rank() > 0 && b.rank() > 0 && a.device() != b.device());
  return held_if(!mixed || !one, "tensors on two devices have a device");
}

// --- kernels on zeros

Tried kernels_on_zeros_touch_no_real_tensor(FakeWorld& world, ChoiceSource& choices) {
  FakeMode mode({.runs_on_zeros = true});
  const Tensor real = matrix(choices);
  const std::vector<double> values = engine::ops::values_of(real);
  const Tensor fake = world.convert(mode, real);
  const auto ends_with_error = [&](const char* op) {
    try {
      world.run(mode, op, {fake});
      return false;
    } catch (const engine::Error&) {
      return true;
    }
  };
  const Tensor made = world.run(mode, "law::stacked_twice", {fake}).back().tensor();
  if (geometry_of(made) != geometry_of(world.op("law::stacked_twice", {real})))
    return broken("the metadata differs from that of the real run");
  if (!ends_with_error("law::turned")) return broken("a view of an argument is not refused");
  world.run(mode, "law::fill_", {fake});
  return held_if(engine::ops::values_of(real) == values, "a real tensor is written");
}

// --- symbols for elements

Tried symbol_of_an_element_is_kept_until_a_write(FakeWorld& world, ChoiceSource& choices) {
  engine::fake::ShapeEnv shapes;
  FakeMode mode({.shapes = &shapes});
  const Tensor fake = mode.fake_of(tensor_of(DType::i64, {}, {static_cast<double>(choices.below(9))}));
  const auto symbol = [&] {
    return to_string(world.run(mode, "aten::_local_scalar_dense", {fake}).back().sym_int());
  };
  const std::string first = symbol();
  if (symbol() != first) return broken("the same element has two symbols");
  world.run(mode, "aten::add_.Scalar", {fake, 1});
  const std::string second = symbol();
  if (second == first) return broken("a written element has the same symbol");
  shapes.advance_epoch();
  return held_if(symbol() != second, "an element has the symbol of an earlier epoch");
}

// --- the table of laws

const DeclaredLaws<FakeWorld> laws_of_fake_tensors{
    {{74,
      "FakeResultHasTheMetadataOfTheRealOne",
      "A call with fake tensors gives results with the sizes, strides, offset, dtype, bytes and device of "
      "the "
      "real run, or the same class of error.",
      0.9,
      {real_run_has_the_same_metadata},
      {with("results are contiguous", &FakeWorld::call, gives_contiguous_results)}},
     {75,
      "FakeTensorsHaveNoData",
      "A call on zeros in place of absent data neither reads nor writes the real tensors.",
      0.9,
      {kernels_on_zeros_touch_no_real_tensor},
      {with("a conversion writes the real tensor", &FakeWorld::convert, converts_and_writes)}},
     {76,
      "DeviceAndErrorsAreThoseOfTheRealRun",
      "A call with fake tensors is on the device of the real run, and raises if the real run raises.",
      0.9,
      {real_run_has_the_same_metadata},
      {with("results are on the meta device", &FakeWorld::call, gives_results_on_meta),
       with("errors give an undefined tensor", &FakeWorld::call, catches_errors)}},
     {78,
      "HitIsAMiss",
      "A result from the cache is what the kernel would give, keys and bytes included.",
      0.3,
      {hit_is_a_miss},
      {with("a hit gives contiguous results", &FakeWorld::call, hits_give_contiguous_results),
       with("a hit forgets the key of its device", &FakeWorld::call, hits_lose_a_key)}},
     {79,
      "ConstantsAreNeverStale",
      "The value of a constant is the real one after any writes, and unknown for every alias after a write "
      "of "
      "unknown values.",
      0.9,
      {item_is_never_stale},
      {with("writes keep the constant", &FakeWorld::call, keeps_constants),
       with("an unknown write ends the constant of the written tensor alone", &FakeWorld::call,
            forgets_one_constant)}},
     {80,
      "ErrorLeavesTheThread",
      "After an error in a call with fake tensors, the thread's keys and modes are as before.",
      0.9,
      {error_leaves_the_thread},
      {with("an error leaves the mode in force", &FakeWorld::call, leaves_the_mode),
       with("an error leaves a key excluded", &FakeWorld::call, leaves_a_key_excluded)}},
     {81,
      "DeviceDoesNotDependOnTheOrder",
      "The device of a call does not depend on the order of its tensors, and two devices are an error.",
      0.9,
      {device_does_not_depend_on_order},
      {with("the first tensor decides", &FakeWorld::device_of, takes_the_first_device),
       with("the first tensor with dimensions decides", &FakeWorld::device_of, takes_the_first_with_dims)}},
     {82,
      "KernelsOnZerosTouchNoRealTensor",
      "An operator without a Meta kernel runs on zeros: no real tensor is written, and views are refused.",
      0.9,
      {kernels_on_zeros_touch_no_real_tensor},
      {with("views are accepted", &FakeWorld::call, accepts_views_of_zeros)}},
     {83,
      "SymbolOfAnElementIsKeptUntilAWrite",
      "An element has one symbol until its tensor is written or an epoch begins.",
      0.9,
      {symbol_of_an_element_is_kept_until_a_write},
      {with("each read makes a new symbol", &FakeWorld::call, writes_before_each_item),
       with("writes are not counted", &FakeWorld::call, skips_writes)}},
     {84,
      "PlainTensorsAreRefusedBeforeEffects",
      "A plain tensor in a fake mode is refused before any effect, or is the same as its fake.",
      0.9,
      {plain_tensors_are_refused_before_effects},
      {with("a plain tensor is written before it is refused", &FakeWorld::call, writes_plain_tensors),
       with("a plain tensor gets a new fake at each call", &FakeWorld::call, converts_each_time)}}},
    {{"engine", [] { return std::make_unique<FakeWorld>(); }}}};

}  // namespace

}  // namespace properties
