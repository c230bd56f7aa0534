#include "oracles/relations/rewrite.h"

#include <algorithm>

#include "oracles/relations/overlapping_write.h"
#include "oracles/trial/effects.h"

namespace oracles {

namespace {

using corpora::Case;
using corpora::Value;
using engine::DType;

// The narrowest wider dtype of the same class of numbers; of integers a signed one.
std::optional<DType> wider_than(DType dtype) {
  if (dtype == DType::b8) return DType::u8;
  std::optional<DType> wider;
  for (DType each : engine::all_dtypes) {
    const bool same_class = engine::is_complex(each) == engine::is_complex(dtype) &&
                            engine::is_integral(each) == engine::is_integral(dtype);
    if (!same_class || engine::is_unsigned_integer(each) || engine::size_of(each) <= engine::size_of(dtype))
      continue;
    if (!wider || engine::size_of(each) < engine::size_of(*wider)) wider = each;
  }
  return wider;
}

std::optional<DType> too_narrow_for(DType dtype) {
  if (engine::is_complex(dtype)) return DType::f32;
  if (engine::is_floating(dtype)) return DType::i64;
  if (dtype != DType::b8) return DType::b8;
  return std::nullopt;
}

std::optional<DType> out_dtype(DType result, OutState state) {
  if (state == OutState::wider) return wider_than(result);
  if (state == OutState::narrower) return too_narrow_for(result);
  return result;
}

engine::Dims column_major(const engine::Dims& sizes) {
  engine::Dims strides(sizes.size());
  int64_t step = 1;
  for (size_t d = 0; d < sizes.size(); ++d) {
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  }
  return strides;
}

// Adds a storage, and a view of it for an out= argument. Its values show which elements the call does not
// write.
OutTensor add_out(Case& c, const TensorSnapshot& result, DType dtype, OutState state) {
  const int64_t count = engine::element_count(result.sizes);
  corpora::Input view{static_cast<int32_t>(c.storages.size()), result.sizes,
                      engine::contiguous_strides(result.sizes), 0};
  int64_t elements = count;
  OutTensor out;
  if (state == OutState::strided) {
    for (int64_t& stride : view.strides) stride *= 2;
    view.offset = 1;
    elements = 2 * count + 1;
  }
  if (state == OutState::transposed) view.strides = column_major(result.sizes);
  if (state == OutState::empty) {  // sizes that are not the result's, also if that is empty
    view.sizes = result.sizes == engine::Dims{0} ? engine::Dims{0, 2} : engine::Dims{0};
    view.strides = engine::contiguous_strides(view.sizes);
    elements = 0;
  }
  out.input = static_cast<int32_t>(c.inputs.size());
  c.inputs.push_back(view);
  if (state == OutState::strided) {
    out.surrounding = static_cast<int32_t>(c.inputs.size());
    c.inputs.push_back({view.storage, {elements}, {1}, 0});
  }
  constexpr uint64_t any_values = 7;
  c.storages.push_back({dtype, elements, corpora::FillRule::integers, any_values, {}});
  return out;
}

bool is_ordinary(const TensorSnapshot& t) { return t.defined && !t.opaque && t.has_values; }

bool states_apply(OutState state, const TensorSnapshot& t) {
  if (state == OutState::transposed)
    return t.sizes.size() >= 2 && !engine::is_contiguous(t.sizes, column_major(t.sizes));
  if (state == OutState::empty && engine::element_count(t.sizes) == 0) return t.sizes == engine::Dims{0};
  if (state == OutState::empty) return !t.sizes.empty();
  return true;
}

// Whether only one argument of all calls views the storage.
bool is_used_once(const Trial& trial, const Outcome& functional, int32_t storage) {
  return std::ranges::count(tensor_uses(trial.test_case(), trial.operators(), functional), storage,
                            &TensorUse::storage) == 1;
}

// The position of the first argument that can hold the result and shares its memory with no other; or -1.
int argument_to_write(Trial& trial, const Outcome& functional, const TensorSnapshot& result, OutState state,
                      const corpora::Path& path) {
  const Case& c = trial.test_case();
  const auto& arguments = c.calls.back().arguments;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].kind != corpora::ValueKind::tensor || !arguments[i].tensor.is_input()) continue;
    const corpora::Input& view = c.inputs[static_cast<size_t>(arguments[i].tensor.index)];
    const bool fits =
        view.sizes == result.sizes && c.storages[static_cast<size_t>(view.storage)].dtype == result.dtype;
    const bool overlaps = engine::may_overlap(view.sizes, view.strides);
    // Only a contiguous view surely overlaps with itself shifted by one element.
    const bool plain =
        engine::is_contiguous(view.sizes, view.strides) && engine::element_count(view.sizes) > 1;
    if (fits && (plain || state == OutState::shared) && is_used_once(trial, functional, view.storage) &&
        (!overlaps || is_defined_for(trial, arguments[i].tensor.index, result, path)))
      return static_cast<int>(i);
  }
  return -1;
}

// An out that is the argument at `position`, or overlaps it. The argument keeps its values.
OutTensor add_out_over(Rewritten& rewritten, const Trial& trial, corpora::Call& functional, size_t position,
                       OutState state) {
  const int32_t argument = functional.arguments[position].tensor.index;
  if (state == OutState::shared) return {argument, -1};
  Case& c = rewritten.program;
  const TensorSnapshot before = input_before(trial, argument, {});
  std::vector<std::byte> bytes = before.values;
  bytes.resize(bytes.size() + engine::size_of(before.dtype));
  const auto storage = static_cast<int32_t>(c.storages.size());
  const auto first = static_cast<int32_t>(c.inputs.size());
  const engine::Dims strides = engine::contiguous_strides(before.sizes);
  c.inputs.push_back({storage, before.sizes, strides, 0});
  c.inputs.push_back({storage, before.sizes, strides, 1});
  c.storages.push_back({before.dtype, engine::element_count(before.sizes) + 1, corpora::FillRule::values, 0,
                        std::move(bytes)});
  functional.arguments[position] = Value::of_input(first);
  return {first + 1, -1};
}

std::optional<Rewritten> with_outs(Trial& trial, const Form& form, const Outcome& outcome, std::string& why,
                                   const corpora::Path& path) {
  const CallOutcome& functional = outcome.last();
  Rewritten rewritten{trial.test_case(), {}};
  Case& c = rewritten.program;
  corpora::Call from = trial.test_case().calls.back();
  std::optional<OutTensor> over;  // the first out, if it is or overlaps an argument
  if (reads_what_it_writes(form.state)) {
    const Result& result = functional.results.front();
    const bool ordinary = result.kind == Result::Kind::tensor && is_ordinary(result.tensor);
    const int position = ordinary ? argument_to_write(trial, outcome, result.tensor, form.state, path) : -1;
    if (position < 0) {
      why = "no argument has the sizes and dtype of the result";
      return std::nullopt;
    }
    over = add_out_over(rewritten, trial, from, static_cast<size_t>(position), form.state);
  }
  const engine::Schema& schema = trial.last_operator().schema;
  corpora::Call& to = c.calls.back();
  to = {form.op->name, {}, {}};
  size_t next_result = 0;
  for (const engine::Argument& argument : form.op->schema.arguments) {
    if (!argument.is_out()) {
      const auto same = std::ranges::find(schema.arguments, argument.name, &engine::Argument::name);
      to.arguments.push_back(from.arguments[static_cast<size_t>(same - schema.arguments.begin())]);
      continue;
    }
    const Result& result = functional.results[next_result++];
    std::vector<const TensorSnapshot*> tensors;
    for (const Result& element : result.list) tensors.push_back(&element.tensor);
    if (result.kind == Result::Kind::tensor) tensors = {&result.tensor};
    std::vector<Value> values;
    for (const TensorSnapshot* tensor : tensors) {
      const auto dtype = is_ordinary(*tensor) ? out_dtype(tensor->dtype, form.state) : std::nullopt;
      if (!dtype || !states_apply(form.state, *tensor)) {
        why = "a result does not fit this state of out";
        return std::nullopt;
      }
      rewritten.outs.push_back(over && rewritten.outs.empty() ? *over
                                                              : add_out(c, *tensor, *dtype, form.state));
      values.push_back(Value::of_input(rewritten.outs.back().input));
    }
    to.arguments.push_back(result.kind == Result::Kind::tensor ? values.front() : Value::of_list(values));
  }
  if (!from.names.empty())
    for (const engine::Argument& argument : form.op->schema.arguments) to.names.push_back(argument.name);
  return rewritten;
}

// The input before the last call: earlier calls may have written it.
TensorSnapshot before_last_call(const Trial& trial, const Outcome& functional, int32_t input) {
  for (size_t i = functional.calls.size() - 1; i-- > 0;)
    for (const InputChange& change : functional.calls[i].changes)
      if (change.input == input) return change.after;
  return input_before(trial, input, {});
}

// If other arguments view the memory of `self`, or the result is not defined for a view that overlaps itself,
// the call writes a copy of it.
std::optional<Rewritten> in_place(Trial& trial, const Form& form, const Outcome& functional, std::string& why,
                                  const corpora::Path& path) {
  const Case& c = trial.test_case();
  Rewritten rewritten{c, {}};
  corpora::Call& call = rewritten.program.calls.back();
  const Value& self = call.arguments.front();
  if (self.kind != corpora::ValueKind::tensor || !self.tensor.is_input()) {
    why = "self is not an input";
    return std::nullopt;
  }
  const corpora::Input& view = c.inputs[static_cast<size_t>(self.tensor.index)];
  const corpora::Storage& storage = c.storages[static_cast<size_t>(view.storage)];
  const TensorSnapshot& result = functional.last().results.front().tensor;
  if (!is_ordinary(result) || result.dtype != storage.dtype || result.sizes != view.sizes) {
    why = "the result does not fit self";
    return std::nullopt;
  }
  int32_t input = self.tensor.index;
  const bool alone = is_used_once(trial, functional, view.storage);
  const bool overlaps = engine::may_overlap(view.sizes, view.strides);
  rewritten.writes_overlap = alone && overlaps && is_defined_for(trial, input, result, path);
  const bool own = alone && (!overlaps || rewritten.writes_overlap);
  if (!own) {
    const TensorSnapshot before = before_last_call(trial, functional, input);
    if (before.sizes != view.sizes || !before.has_values) {
      why = "an earlier call resized self";
      return std::nullopt;
    }
    corpora::Storage copy{storage.dtype, engine::element_count(view.sizes), corpora::FillRule::values, 0,
                          before.values};
    input = static_cast<int32_t>(rewritten.program.inputs.size());
    rewritten.program.inputs.push_back({static_cast<int32_t>(rewritten.program.storages.size()), view.sizes,
                                        engine::contiguous_strides(view.sizes), 0});
    rewritten.program.storages.push_back(std::move(copy));
    call.arguments.front() = Value::of_input(input);
  }
  call.op = form.op->name;
  rewritten.outs.push_back({input, -1});
  return rewritten;
}

}  // namespace

std::optional<Rewritten> rewrite(Trial& trial, const Form& form, const Outcome& functional, std::string& why,
                                 const corpora::Path& path) {
  if (form.state == OutState::none) return in_place(trial, form, functional, why, path);
  return with_outs(trial, form, functional, why, path);
}

}  // namespace oracles
