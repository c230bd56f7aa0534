#include "oracles/trial/effects.h"

#include <algorithm>

#include "oracles/compare/element_bytes.h"
#include "oracles/trial/trial.h"

namespace oracles {

namespace {

void add_tensors(const Result& result, std::vector<const TensorSnapshot*>& tensors) {
  if (result.kind == Result::Kind::tensor) tensors.push_back(&result.tensor);
  for (const Result& element : result.list) add_tensors(element, tensors);
}

int32_t storage_of(const corpora::TensorRef& ref, const corpora::Case& c, const Outcome& outcome) {
  if (ref.is_input()) return c.inputs[static_cast<size_t>(ref.index)].storage;
  if (static_cast<size_t>(ref.call) >= outcome.calls.size()) return -1;
  const TensorSnapshot* tensor = tensor_result(outcome.calls[static_cast<size_t>(ref.call)], ref.index);
  if (tensor == nullptr || tensor->storage >= static_cast<int32_t>(c.storages.size())) return -1;
  return tensor->storage;
}

}  // namespace

bool writes_silently(const InputChange& change) { return change.values_changed && change.version_delta == 0; }

bool declares_write(const engine::Argument& argument) {
  if (!argument.alias) return false;
  if (argument.alias->write) return true;
  return std::ranges::any_of(argument.alias->contained, &engine::AliasInfo::write);
}

std::vector<TensorUse> tensor_uses(const corpora::Case& c,
                                   const std::vector<const corpora::Operator*>& operators,
                                   const Outcome& outcome) {
  std::vector<TensorUse> uses;
  for (size_t i = 0; i < c.calls.size(); ++i) {
    const auto& arguments = c.calls[i].arguments;
    for (size_t a = 0; a < arguments.size(); ++a) {
      const bool written = declares_write(operators[i]->schema.arguments[a]);
      const bool in_list = arguments[a].kind == corpora::ValueKind::list;
      corpora::for_each_tensor(arguments[a], [&](const corpora::TensorRef& ref) {
        uses.push_back({static_cast<int32_t>(i), static_cast<int32_t>(a), in_list, written, ref,
                        storage_of(ref, c, outcome)});
      });
    }
  }
  return uses;
}

std::vector<bool> used_storages(const corpora::Case& c, const std::vector<TensorUse>& uses) {
  std::vector<bool> used(c.storages.size());
  for (const TensorUse& use : uses)
    if (use.storage >= 0) used[static_cast<size_t>(use.storage)] = true;
  return used;
}

std::vector<bool> written_storages(const corpora::Case& c, const std::vector<TensorUse>& uses,
                                   const Outcome& outcome) {
  std::vector<bool> written(c.storages.size());
  for (const TensorUse& use : uses)
    if (use.written && use.storage >= 0) written[static_cast<size_t>(use.storage)] = true;
  for (const CallOutcome& call : outcome.calls) {
    for (int32_t storage : call.changed_storages)
      if (static_cast<size_t>(storage) < written.size()) written[static_cast<size_t>(storage)] = true;
    for (const InputChange& change : call.changes)
      written[static_cast<size_t>(c.inputs[static_cast<size_t>(change.input)].storage)] = true;
  }
  return written;
}

std::vector<const TensorSnapshot*> tensor_results(const CallOutcome& call) {
  std::vector<const TensorSnapshot*> tensors;
  for (const Result& result : call.results) add_tensors(result, tensors);
  return tensors;
}

const TensorSnapshot* tensor_result(const CallOutcome& call, int32_t n) {
  const auto tensors = tensor_results(call);
  return static_cast<size_t>(n) < tensors.size() ? tensors[static_cast<size_t>(n)] : nullptr;
}

bool is_dense(const corpora::Input& input) {
  if (engine::element_count(input.sizes) < 2) return true;
  std::vector<std::pair<int64_t, int64_t>> dims;  // stride, size
  for (size_t d = 0; d < input.sizes.size(); ++d)
    if (input.sizes[d] != 1) dims.emplace_back(input.strides[d], input.sizes[d]);
  std::ranges::sort(dims);
  int64_t expected = 1;
  for (const auto& [stride, size] : dims) {
    if (stride != expected) return false;
    expected *= size;
  }
  return true;
}

TensorSnapshot input_snapshot(const corpora::Case& c, const corpora::Image& image, int32_t input) {
  const corpora::Input& view = c.inputs[static_cast<size_t>(input)];
  TensorSnapshot t;
  t.dtype = c.storages[static_cast<size_t>(view.storage)].dtype;
  t.sizes = view.sizes;
  t.strides = view.strides;
  t.offset = view.offset;
  t.storage = view.storage;
  t.same_as_input = input;
  t.has_values = true;
  t.values = gathered(t.dtype, image.storages[static_cast<size_t>(view.storage)].data(), view.sizes,
                      view.strides, view.offset);
  return t;
}

TensorSnapshot input_before(const Trial& trial, int32_t input, const corpora::Path& path) {
  TensorSnapshot t = input_snapshot(trial.test_case(), trial.image(), input);
  const bool zeros = std::ranges::any_of(path, [&](const corpora::Layer& layer) {
    return (layer.kind == corpora::LayerKind::zero || layer.kind == corpora::LayerKind::zeros) &&
           layer.storage == t.storage;
  });
  if (zeros) std::ranges::fill(t.values, std::byte{0});
  return t;
}

bool is_random(Trial& trial) {
  const auto declares = [](const corpora::Operator* op) { return op->random; };
  return std::ranges::any_of(trial.operators(), declares) ||
         std::ranges::any_of(trial.direct().calls, &CallOutcome::generator_used);
}

}  // namespace oracles
