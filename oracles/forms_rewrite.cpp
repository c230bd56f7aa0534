// The rewriting of a program to another form of its last call.
#include <algorithm>

#include "oracles/effects.h"
#include "oracles/forms.h"
#include "oracles/trial.h"

namespace oracles {

namespace {

using corpora::Case;
using corpora::Value;
using engine::DType;

std::optional<DType> wider_than(DType dtype) {
  switch (dtype) {
    case DType::b8:
      return DType::u8;
    case DType::u8:
    case DType::i8:
      return DType::i16;
    case DType::i16:
      return DType::i32;
    case DType::i32:
      return DType::i64;
    case DType::f16:
    case DType::bf16:
      return DType::f32;
    case DType::f32:
      return DType::f64;
    case DType::c64:
      return DType::c128;
    default:
      return std::nullopt;
  }
}

std::optional<DType> cannot_hold(DType dtype) {
  if (engine::is_complex(dtype)) return DType::f32;
  if (engine::is_floating(dtype)) return DType::i64;
  if (dtype != DType::b8) return DType::b8;
  return std::nullopt;
}

std::optional<DType> out_dtype(DType result, OutState state) {
  if (state == OutState::wider) return wider_than(result);
  if (state == OutState::narrower) return cannot_hold(result);
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

// Adds a storage and a view of it that an out= argument can be; its values tell what was not written.
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
  if (state == OutState::empty) {
    view.sizes = view.strides = {0};
    view.strides = {1};
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

bool is_ordinary(const TensorSnapshot& t) {
  return t.defined && !t.opaque && t.has_values && t.device == "cpu";
}

bool states_apply(OutState state, const TensorSnapshot& t) {
  if (state == OutState::transposed)
    return t.sizes.size() >= 2 && !engine::is_contiguous(t.sizes, column_major(t.sizes));
  if (state == OutState::empty) return engine::element_count(t.sizes) > 0 && !t.sizes.empty();
  return true;
}

std::optional<Rewritten> with_outs(const Trial& trial, const Form& form, const CallOutcome& functional,
                                   std::string& why) {
  Rewritten rewritten{trial.test_case(), {}};
  Case& c = rewritten.program;
  const corpora::Call& from = trial.test_case().calls.back();
  const engine::Schema& schema = trial.last_operator().schema;
  corpora::Call& to = c.calls.back();
  to = {form.op->name, {}, {}};
  size_t next_result = 0;
  for (const engine::Argument& argument : form.op->schema.arguments) {
    if (!argument.is_out()) {
      const auto same = std::find_if(schema.arguments.begin(), schema.arguments.end(),
                                     [&](const engine::Argument& a) { return a.name == argument.name; });
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
        why = "a result has no out of this kind";
        return std::nullopt;
      }
      rewritten.outs.push_back(add_out(c, *tensor, *dtype, form.state));
      values.push_back(Value::of_input(rewritten.outs.back().input));
    }
    to.arguments.push_back(result.kind == Result::Kind::tensor ? values.front() : Value::of_list(values));
  }
  if (!from.names.empty())
    for (const engine::Argument& argument : form.op->schema.arguments) to.names.push_back(argument.name);
  return rewritten;
}

// `self` must be memory of its own, as a clone would be: in place, nothing else may see it.
std::optional<Rewritten> in_place(const Trial& trial, const Form& form, const Outcome& functional,
                                  std::string& why) {
  const Case& c = trial.test_case();
  Rewritten rewritten{c, {}};
  corpora::Call& call = rewritten.program.calls.back();
  const Value& self = call.arguments.front();
  if (self.kind != corpora::ValueKind::tensor || !self.tensor.is_input()) {
    why = "self is no input";
    return std::nullopt;
  }
  const corpora::Input& view = c.inputs[static_cast<size_t>(self.tensor.index)];
  const corpora::Storage& storage = c.storages[static_cast<size_t>(view.storage)];
  const TensorSnapshot& result = functional.last().results.front().tensor;
  if (!is_ordinary(result) || result.dtype != storage.dtype || result.sizes != view.sizes) {
    why = "the result does not fit self";
    return std::nullopt;
  }
  int seen = 0;
  for (const TensorUse& use : tensor_uses(c, trial.operators(), functional))
    seen += use.storage == view.storage;
  const bool own = seen == 1 && !engine::may_overlap(view.sizes, view.strides);
  int32_t input = self.tensor.index;
  if (!own) {
    const TensorSnapshot before = input_before(trial, input, {});
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

std::optional<Rewritten> rewrite(const Trial& trial, const Form& form, const Outcome& functional,
                                 std::string& why) {
  if (form.state == OutState::none) return in_place(trial, form, functional, why);
  return with_outs(trial, form, functional.last(), why);
}

}  // namespace oracles
