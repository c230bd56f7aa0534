// Laws of the conversion of real tensors to fake ones.
#include <algorithm>

#include "engine/autograd/history.h"
#include "engine/autograd/inference_mode.h"
#include "engine/autograd/view.h"
#include "properties/fake_mistakes.h"

namespace properties {

namespace {

using engine::Tensor;

Tried conversion_keeps_relations(FakeWorld& world, ChoiceSource& choices) {
  FakeMode mode;
  const bool inference = choices.chance(1, 4);
  const Tensor base = [&] {
    const engine::autograd::InferenceMode in_force(inference);
    return matrix(choices);
  }();
  if (!inference && choices.chance(1, 2)) engine::autograd::require_grad(base);
  std::vector<Tensor> real{base, world.op("aten::t", {base}), matrix(choices)};
  real.push_back(world.op("aten::select.int", {real[1], 0, 1}));
  const uint32_t version = base.version();
  const size_t first = choices.below(real.size());
  std::rotate(real.begin(), real.begin() + static_cast<std::ptrdiff_t>(first), real.end());
  std::vector<Tensor> fakes;
  for (const Tensor& each : real) fakes.push_back(world.convert(mode, each));
  if (base.version() != version) return broken("the conversion changes the version of the real tensor");
  for (size_t i = 0; i < real.size(); ++i) {
    if (!world.convert(mode, real[i]).is_same(fakes[i])) return broken("one tensor has two fakes");
    if (geometry_of(fakes[i]) != geometry_of(real[i])) return broken("the geometry differs");
    if (engine::is_inference(fakes[i]) != engine::is_inference(real[i]))
      return broken("what is an inference tensor differs");
    if (engine::autograd::requires_grad(fakes[i]) != engine::autograd::requires_grad(real[i]) ||
        engine::autograd::is_leaf(fakes[i]) != engine::autograd::is_leaf(real[i]))
      return broken("what requires grad, or what is a leaf, differs");
    const auto *own = engine::autograd::view_of(real[i]), *made = engine::autograd::view_of(fakes[i]);
    if (!own != !made || (made && !made->base.is_same(world.convert(mode, own->base))))
      return broken("the base differs");
    for (size_t k = 0; k < i; ++k)
      if (fakes[i].shares_storage(fakes[k]) != real[i].shares_storage(real[k]))
        return broken("which tensors share memory differs");
  }
  return held();
}

Tried conversion_keeps_nothing_alive(FakeWorld& world, ChoiceSource& choices) {
  FakeMode mode;
  Tensor real = matrix(choices);
  const engine::Storage storage = real.storage();
  const uint32_t owners = storage->use_count();
  const Tensor fake = world.convert(mode, real);
  real = Tensor();
  return held_if(storage->use_count() == owners - 1, "the fake keeps the memory of the real tensor");
}

const DeclaredLaws<FakeWorld> laws_of_conversion{
    {{77,
      "ConversionKeepsRelations",
      "The same tensor has the same fake; sharing, bases, leaves and geometry are kept; the real tensor is "
      "not changed.",
      0.9,
      {conversion_keeps_relations},
      {with("each conversion makes a new fake", &FakeWorld::convert, converts_without_memo),
       with("a conversion counts as a write", &FakeWorld::convert, converts_and_bumps)}},
     {77,
      "ConversionKeepsNothingAlive",
      "A fake does not keep the memory of the real tensor.",
      0.9,
      {conversion_keeps_nothing_alive},
      {with("all real tensors are remembered", &FakeWorld::convert, converts_and_remembers)}}},
    {{"engine", [] { return std::make_unique<FakeWorld>(); }}}};

}  // namespace

}  // namespace properties
