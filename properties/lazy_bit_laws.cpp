// Laws of the lazy bits, neg and conj: a tensor with a bit behaves as its resolved copy, and a write goes
// through the bit.
#include <fmt/format.h>

#include <algorithm>

#include "engine/backends/copy.h"
#include "properties/drawn_calls.h"
#include "properties/law_tensors.h"

namespace properties {

namespace {

using oracles::Outcome;
using oracles::Status;

// --- laws of drawn calls

// Bools have no bit.
bool can_be_lazy(const Case& c, int32_t storage) { return storage >= 0 && dtype_of(c, storage) != DType::b8; }
corpora::Layer any_bit(const Case& c, int32_t storage, ChoiceSource& choices) {
  const bool conj = engine::is_complex(dtype_of(c, storage)) && choices.chance(1, 2);
  return {conj ? LayerKind::conj : LayerKind::neg, storage};
}

Tried lazy_is_resolved(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  Path path;
  for (const int32_t s : storages_of(world, c, false))
    if (can_be_lazy(c, s) && choices.chance(2, 3)) path.push_back(any_bit(c, s, choices));
  return path.empty() ? not_tried("nothing can be lazy") : world.agree(c, {}, path);
}

// The call writes a tensor that overlaps itself, or shares memory with another argument.
bool writes_memory_that_it_reads(const EngineWorld& world, const Case& c) {
  const std::vector<oracles::TensorUse> uses = uses_of(world, c);
  for (const oracles::TensorUse& one : uses) {
    if (!one.written) continue;
    const corpora::Input& input = c.inputs[static_cast<size_t>(one.tensor.index)];
    if (engine::may_overlap(input.sizes, input.strides)) return true;
    for (const oracles::TensorUse& other : uses)
      if (&other != &one && other.storage == one.storage) return true;
  }
  return false;
}

// A call that writes. One more input for each storage covers all its memory, so that every change shows.
Case draw_write(EngineWorld& world, ChoiceSource& choices) {
  Case c = draw_call(world, writes_values, choices);
  for (size_t s = 0; s < c.storages.size(); ++s)
    c.inputs.push_back({static_cast<int32_t>(s), {c.storages[s].elements}, {1}, 0});
  return c;
}

// A law of a write through a bit.
template <Tried (*law)(EngineWorld&, const Case&, const Path&)>
Tried through_a_bit(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  const int32_t s = any_storage(world, c, true, choices);
  if (!can_be_lazy(c, s)) return not_tried("the written tensor cannot be lazy");
  if (writes_memory_that_it_reads(world, c)) return not_tried("the call writes memory that it reads");
  return law(world, c, {any_bit(c, s, choices)});
}

Tried writes_go_through(EngineWorld& world, const Case& c, const Path& path) {
  const Tried compared = world.agree(c, {}, path);
  const auto outcome = world.run(c, path);
  const bool raised = outcome && outcome->last().status == Status::raised;
  if (raised && !outcome->last().changed_storages.empty()) return broken("the call raised and wrote", path);
  return compared;
}

Tried written_tensors_stay_themselves(EngineWorld& world, const Case& c, const Path& path) {
  const auto direct = world.run(c, {}), outcome = world.run(c, path);
  if (!outcome || !outcome->returned() || !direct->returned())
    return not_tried("a path is refused or raises");
  const auto expected = oracles::tensor_results(direct->last()),
             results = oracles::tensor_results(outcome->last());
  for (size_t i = 0; i < results.size(); ++i)
    if (results[i]->same_as_input != expected[i]->same_as_input)
      return broken("a different tensor is returned", path);
  for (const oracles::InputChange& change : outcome->last().changes)
    if (change.after.storage == path[0].storage && !change.after.neg && !change.after.conj)
      return broken("the bit is gone", path);
  return held();
}

Tried versions_count_once(EngineWorld& world, const Case& c, const Path& path) {
  const auto direct = world.run(c, {}), outcome = world.run(c, path);
  if (!outcome) return not_tried("the path is refused");
  const auto version = [](const Outcome& of) {
    int64_t most = 0;
    for (const oracles::InputChange& change : of.last().changes) most = std::max(most, change.version_delta);
    return most;
  };
  const int64_t expected = version(*direct), counted = version(*outcome);
  if (expected != counted) return broken(fmt::format("+{} instead of +{}", counted, expected), path);
  return expected == 0 ? not_tried("no version changes") : held();
}

bool is_view_of_any_bit(const Operator& op) {
  return is_view(op) && op.name != "aten::_conj" && op.name != "aten::_neg_view" &&
         op.name != "aten::view_as_real";
}
Tried views_keep_the_bit(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  const int32_t s = any_storage(world, c, false, choices);
  if (!can_be_lazy(c, s)) return not_tried("nothing can be lazy");
  const Path path{any_bit(c, s, choices)};
  const Tried shown = views_show(world, c, path, s,
                                 [](const oracles::TensorSnapshot& view) { return view.neg || view.conj; });
  return shown.answer == Tried::Answer::held ? world.agree(c, {}, path) : shown;
}

// Two layers, of one storage or of two, do what each does alone.
Tried layers_stack(EngineWorld& world, const Case& c, ChoiceSource& choices) {
  const int32_t s = any_storage(world, c, false, choices), t = any_storage(world, c, false, choices);
  if (!can_be_lazy(c, s) || !can_be_lazy(c, t)) return not_tried("nothing can be lazy");
  const corpora::Layer bit = any_bit(c, t, choices);
  if (s == t && !engine::is_complex(dtype_of(c, s))) return not_tried("one storage, and it has one bit");
  if (s == t) return world.agree(c, {}, {{LayerKind::neg, s}, {LayerKind::conj, s}});
  if (choices.chance(1, 2)) return world.agree(c, {{LayerKind::zeros, s}}, {{LayerKind::zero, s}, bit});
  return world.agree(c, {}, {any_bit(c, s, choices), bit});
}

// --- laws of tensors

Tensor negated(ChoiceSource& choices) {
  return viewed(choices, counted(), true).toggled(DispatchKey::Negative);
}
Numbers negative(Numbers values) {
  for (double& x : values) x = -x;
  return values;
}

Tried kernels_see_no_bit(EngineWorld& world, ChoiceSource& choices) {
  return kernels_see_none(world, choices, negated);
}

// self.op_(other), whose operands may share memory, computes from the elements before the call.
Tried reads_come_first(EngineWorld& world, ChoiceSource& choices) {
  constexpr std::array<std::string_view, 2> operators{"aten::add_.Tensor", "aten::sub_.Tensor"};
  const std::string_view op = choices.pick(operators);
  const Tensor base = counted();
  const auto part = [&](bool lazy) {
    const auto stride = 1 + static_cast<int64_t>(choices.below(2));
    const Tensor view = base.view({4}, {stride}, static_cast<int64_t>(choices.below(4)));
    return lazy ? view.toggled(DispatchKey::Negative) : view;
  };
  const Tensor self = part(true), other = part(choices.chance(1, 2));
  const auto logical = [](const Tensor& tensor) {
    return tensor.is_neg() ? negative(values_of(tensor)) : values_of(tensor);
  };
  Numbers expected = logical(self), added = logical(other), around = values_of(base);
  for (size_t i = 0; i < expected.size(); ++i) {
    expected[i] += op == operators[0] ? added[i] : -added[i];
    around[static_cast<size_t>(self.offset()) + i * static_cast<size_t>(self.stride(0))] = -expected[i];
  }
  world(op, {self, other, 1});
  if (logical(self) != expected) return broken("a read came after a write");
  return held_if(values_of(base) == around, "elements beside the written ones have changed");
}

Tried bits_commute_and_cancel(EngineWorld& world, ChoiceSource& choices) {
  const Tensor x = viewed(choices, counted(DType::c64), true);
  const auto neg = [&](const Tensor& t) { return world("aten::_neg_view", {t}); };
  const auto conj = [&](const Tensor& t) { return world("aten::_conj", {t}); };
  const Tensor one = neg(conj(x)), other = conj(neg(x));
  if (one.keys() != other.keys() || one.storage() != other.storage())
    return broken("the order of neg and conj matters");
  for (const Tensor& back : {neg(neg(x)), conj(conj(x)), neg(conj(neg(conj(x))))})
    if (back.keys() != x.keys() || back.storage() != x.storage() || back.strides() != x.strides())
      return broken("applying a bit twice does not undo it");
  return held();
}

Tried numbers_are_drawn_once(EngineWorld& world, ChoiceSource& choices) {
  world.numbers_drawn = 0;
  const Tensor view = viewed(choices, counted(), false);
  world("law::draw_", {view.toggled(DispatchKey::Negative)});
  Numbers expected(static_cast<size_t>(view.element_count()));
  std::iota(expected.begin(), expected.end(), 0);
  const int64_t more = world.numbers_drawn - view.element_count();
  if (more != 0) return broken(fmt::format("{} numbers too many", more));
  return held_if(negative(values_of(view)) == expected, "different numbers");
}

// Every element of a written list is written, or, when the kernel raises, none that has the bit.
Tried written_lists_are_written(EngineWorld& world, ChoiceSource& choices) {
  std::vector<Tensor> bases, list;
  for (uint64_t n = 1 + choices.below(3); n > 0; --n) {
    bases.push_back(counted());
    const Tensor view = bases.back().view({3}, {1}, 2);
    list.push_back(choices.chance(2, 3) ? view.toggled(DispatchKey::Negative) : view);
  }
  const auto raises_at = static_cast<int64_t>(choices.below(list.size() + 1));
  const bool raises = raises_at < static_cast<int64_t>(list.size());
  try {
    world.call("law::write_list_", {list, raises_at});
    if (raises) return broken("it did not raise");
  } catch (const engine::Error&) {
    if (!raises) return broken("it raised");
  }
  for (size_t i = 0; i < list.size(); ++i) {
    const double sign = list[i].is_neg() ? -1 : 1;
    const bool written = !raises || (!list[i].is_neg() && static_cast<int64_t>(i) < raises_at);
    Numbers expected = values_of(counted());
    for (size_t k = 0; written && k < 3; ++k) expected[2 + k] = sign * static_cast<double>(1 + k);
    if (values_of(bases[i]) != expected) return broken(fmt::format("element {} of the list", i));
  }
  return held();
}

// --- mistakes

constexpr DispatchKey negative_key = DispatchKey::Negative;

Tensor resolved(const Call& call, const Tensor& tensor) {
  return engine::ops::resolved(call.dispatcher(), tensor, negative_key);
}
auto resolving(const Call& call) {
  return [&call](const Tensor& tensor) { return resolved(call, tensor); };
}
bool is_written(const Call& call, size_t i) { return call.schema().arguments[i].is_write(); }

void resolves_the_first(const Kernel& right, const Call& call, Stack& stack) {
  if (call.schema().is_mutable()) return call_kernel(right, call, stack);
  substitute(call, stack, negative_key, resolving(call), [](size_t i, const Value&) { return i == 0; });
}

void writes_into_a_copy(const Kernel&, const Call& call, Stack& stack) {
  substitute(call, stack, negative_key, resolving(call));
}

void returns_another(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  if (!call.schema().is_mutable() || call.schema().returns.empty() || !stack.back().is_tensor()) return;
  const Tensor made = stack.back().tensor();
  stack.replace_last(1, made.view(made.sizes(), made.strides(), made.offset()));
}

void counts_twice(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<const Value> arguments = arguments_of(call, stack);
  std::vector<Value> written;
  for (size_t i = 0; i < arguments.size(); ++i)
    if (is_written(call, i) && arguments[i].keys().has(negative_key)) written.push_back(arguments[i]);
  call_kernel(right, call, stack);
  for (const Value& each : written)
    if (each.is_tensor()) each.tensor().bump_version();
}

void passes_optional_lists(const Kernel& right, const Call& call, Stack& stack) {
  if (call.schema().is_mutable()) return call_kernel(right, call, stack);
  substitute(call, stack, negative_key, resolving(call), is_no_optional_list);
}

// While the kernel runs, the memory holds the negated elements.
void negates_in_place(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = arguments_of(call, stack);
  const bool first = !arguments.empty() && is_written(call, 0) && arguments[0].keys().has(negative_key);
  if (!first || !arguments[0].is_tensor()) return call_kernel(right, call, stack);
  const Tensor original = arguments[0].tensor(), memory = original.toggled(negative_key);
  engine::copy_elements(memory, resolved(call, original));
  arguments[0] = resolved(call, memory);
  const Tensor computed = arguments[0].tensor();
  substitute(call, stack, negative_key, resolving(call));
  engine::copy_values(original, computed);
  stack.back() = original;
}

void sets_the_bit(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor& made = stack.back().tensor();
  made.set_keys(made.keys().add(negative_key));
}

void runs_twice(const Kernel& right, const Call& call, Stack& stack) {
  Stack again = stack;
  call_kernel(right, call, again);
  call_kernel(right, call, stack);
}

void loses_written_lists(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = arguments_of(call, stack);
  for (size_t i = 0; i < arguments.size(); ++i)
    if (is_written(call, i) && arguments[i].is(engine::ValueTag::tensors))
      engine::ops::replace_tensors(
          arguments[i], [](const Tensor& tensor) { return tensor.is_neg(); }, resolving(call));
  call_kernel(right, call, stack);
}

void loses_the_conjugate(const Kernel& right, const Call& call, Stack& stack) {
  if (call.schema().is_mutable()) return call_kernel(right, call, stack);
  substitute(call, stack, negative_key, [&](const Tensor& tensor) {
    return resolved(call, tensor.is_conj() ? tensor.toggled(DispatchKey::Conjugate) : tensor);
  });
}

using Row = Law<EngineWorld>;
const DeclaredLaws<EngineWorld> laws_of_lazy_bits{
    {
        Row(42, "LazyIsResolved", "A call reads a tensor with a bit as its resolved copy.", 0.35,
            {draw_call_of<is_functional>, lazy_is_resolved},
            {wrong_at<negative_key>("the first argument alone is resolved", resolves_the_first)}),
        Row(43, "WritesGoThrough",
            "A write through a bit changes memory as a write into the resolved tensor does, and "
            "the bit stays.",
            0.4, {draw_write, through_a_bit<writes_go_through>},
            {wrong_at<negative_key>("the call writes into a copy, which is not written back",
                                    writes_into_a_copy)}),
        Row(44, "WrittenTensorsStayThemselves", "A call returns the written tensor itself, with its bit.",
            0.4, {draw_write, through_a_bit<written_tensors_stay_themselves>},
            {wrong_at<negative_key>("a call returns a new tensor instead of the written one",
                                    returns_another)}),
        Row(45, "VersionsCountOnce", "A write through a bit counts as one write.", 0.4,
            {draw_write, through_a_bit<versions_count_once>},
            {wrong_at<negative_key>("writing back counts as another write", counts_twice)}),
        Row(46, "ViewsKeepTheBit", "A view of a tensor with a bit has the bit, and the tensor's storage.",
            0.45, {draw_call_of<is_view_of_any_bit>, views_keep_the_bit},
            {wrong_at<negative_key>("a view of a lazy negative is a view of a copy", writes_into_a_copy,
                                    is_declared_view)}),
        Row(47, "KernelsSeeNoBit", "No kernel sees a tensor with a bit, in any argument or list.", 1,
            {kernels_see_no_bit},
            {wrong_at<negative_key>("lists of optional tensors are not resolved", passes_optional_lists)}),
        Row(48, "ReadsComeFirst",
            "A call reads all operands before it writes through a bit, also if they share memory.", 1,
            {reads_come_first},
            {wrong_at<negative_key>("a written tensor is negated in its memory before others are read",
                                    negates_in_place)}),
        Row(49, "BitsCommuteAndCancel", "neg and conj commute, and each undoes itself.", 1,
            {bits_commute_and_cancel},
            {wrong_at<DispatchKey::CPU>("a second negation does not undo the first", sets_the_bit,
                                        named("aten::_neg_view"))}),
        Row(50, "NumbersAreDrawnOnce",
            "A random operator draws one number per element of a tensor with a bit.", 1,
            {numbers_are_drawn_once},
            {wrong_at<negative_key>("the kernel runs once for its shape and once more for its values",
                                    runs_twice)}),
        Row(51, "WrittenListsAreWritten", "Each element of a written list is written through its bit.", 1,
            {written_lists_are_written},
            {wrong_at<negative_key>("elements of a written list are resolved and not written back",
                                    loses_written_lists)}),
        Row(110, "LayersStack", "Two lazy layers together do what each does alone.", 0.1,
            {draw_call_of<is_functional>, layers_stack},
            {wrong_at<negative_key>("resolving a negative also loses its conjugate", loses_the_conjugate)}),
    },
    {sound_engine()}};

}  // namespace
}  // namespace properties
