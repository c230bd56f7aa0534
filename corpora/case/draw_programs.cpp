#include "corpora/case/draw_programs.h"

#include <algorithm>
#include <array>
#include <utility>

#include "corpora/case/case_defaults.h"

namespace corpora {
namespace {

using engine::Dims;

// An input, and the storage that it alone views.
struct Seen {
  Input& input;
  Storage& storage;
  ChoiceSource& choices;

  bool has_rule() const { return storage.rule != FillRule::values; }
  size_t rank() const { return input.sizes.size(); }
  size_t some_dim() const { return choices.below(rank()); }
};

using Arguments = std::vector<Value>;  // after the tensor itself

// Each changes the input so that the call gives what the input was, and says with which arguments; false: not
// for this input.
bool transpose(Seen seen, Arguments& arguments) {
  if (seen.rank() < 2) return false;
  const size_t first = seen.some_dim();
  const size_t second = seen.some_dim();
  std::swap(seen.input.sizes[first], seen.input.sizes[second]);
  std::swap(seen.input.strides[first], seen.input.strides[second]);
  for (size_t dim : {first, second}) arguments.push_back(Value::of_integer(static_cast<int64_t>(dim)));
  return true;
}

bool select(Seen seen, Arguments& arguments) {
  if (!seen.has_rule() || seen.storage.elements == 0 || seen.rank() >= 5) return false;
  const size_t dim = seen.choices.below(seen.rank() + 1);
  const int64_t index = seen.choices.between(0, 2);
  const auto at = static_cast<std::ptrdiff_t>(dim);
  seen.input.sizes.insert(seen.input.sizes.begin() + at, 3);
  seen.input.strides.insert(seen.input.strides.begin() + at, seen.storage.elements);
  seen.storage.elements *= 3;
  arguments = {Value::of_integer(static_cast<int64_t>(dim)), Value::of_integer(index)};
  return true;
}

bool slice(Seen seen, Arguments& arguments) {
  if (!seen.has_rule() || seen.rank() == 0) return false;
  const size_t dim = seen.some_dim();
  const int64_t size = seen.input.sizes[dim];
  const int64_t stride = seen.input.strides[dim];
  if (size == 0 || stride == 0) return false;
  const int64_t before = seen.choices.between(0, 2);
  const int64_t after = seen.choices.between(0, 1);
  seen.input.sizes[dim] += before + after;
  seen.storage.elements += (before + after) * stride;
  arguments = {Value::of_integer(static_cast<int64_t>(dim)), Value::of_integer(before),
               Value::of_integer(before + size), Value::of_integer(1)};
  return true;
}

bool unsqueeze(Seen seen, Arguments& arguments) {
  Dims& sizes = seen.input.sizes;
  const auto one = std::find(sizes.begin(), sizes.end(), 1);
  if (one == sizes.end()) return false;
  arguments = {Value::of_integer(one - sizes.begin())};
  seen.input.strides.erase(seen.input.strides.begin() + (one - sizes.begin()));
  sizes.erase(one);
  return true;
}

bool expand(Seen seen, Arguments& arguments) {
  Dims& sizes = seen.input.sizes;
  std::vector<Value> wanted;
  wanted.reserve(sizes.size());
  for (int64_t size : sizes) wanted.push_back(Value::of_integer(size));
  bool any = false;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (seen.input.strides[d] != 0 || sizes[d] < 2) continue;
    sizes[d] = 1;
    any = true;
  }
  arguments = {Value::of_list(std::move(wanted)), Value::of_boolean(false)};
  return any;
}

bool view(Seen seen, Arguments& arguments) {
  Dims& sizes = seen.input.sizes;
  if (!engine::is_contiguous(sizes, seen.input.strides)) return false;
  std::vector<Value> wanted;
  wanted.reserve(sizes.size());
  for (int64_t size : sizes) wanted.push_back(Value::of_integer(size));
  sizes = {engine::element_count(sizes)};
  seen.input.strides = {1};
  arguments = {Value::of_list(std::move(wanted))};
  return true;
}

bool same(Seen, Arguments&) { return true; }
bool same_values(Seen seen, Arguments&) {  // they change values, so that nothing may depend on them
  return seen.has_rule() && engine::is_floating(seen.storage.dtype);
}

bool same_complex(Seen seen, Arguments&) { return seen.has_rule() && engine::is_complex(seen.storage.dtype); }

struct Earlier {
  std::string_view op;
  bool (*prepare)(Seen, Arguments&);
};

constexpr std::array<Earlier, 16> earlier_calls{{{"aten::clone", same},
                                                 {"aten::transpose.int", transpose},
                                                 {"aten::slice.Tensor", slice},
                                                 {"aten::select.int", select},
                                                 {"aten::neg", same_values},
                                                 {"aten::view", view},
                                                 {"aten::unsqueeze", unsqueeze},
                                                 {"aten::expand", expand},
                                                 {"aten::alias", same},
                                                 {"aten::detach", same},
                                                 {"aten::abs", same_values},
                                                 {"aten::contiguous", same},
                                                 {"aten::positive", same},
                                                 {"aten::relu", same_values},
                                                 {"aten::_neg_view", same_values},
                                                 {"aten::_conj", same_complex}}};

// For calls that read what they write: lazy views of it, and itself.
bool same_numbers(Seen seen, Arguments&) {
  return seen.has_rule() && seen.storage.dtype != engine::DType::b8;
}
constexpr std::array<Earlier, 3> views_of_written{
    {{"aten::_neg_view", same_numbers}, {"aten::_conj", same_complex}, {"aten::alias", same}}};

// Calls that write their first argument, and keep numbers of any sort in bounds.
struct Write {
  std::string_view op;
  std::optional<double> number;  // its second argument
};
constexpr std::array<Write, 5> writes{{{"aten::neg_", {}},
                                       {"aten::mul_.Scalar", 0.5},
                                       {"aten::add_.Scalar", 1},
                                       {"aten::tanh_", {}},
                                       {"aten::zero_", {}}}};

// One between an earlier call and the last, or none: views, and what is kept for a derivative, meet a write
// only so.
const Write* write_between(Draft& draft, const Input& taken, const Storage& storage) {
  const bool real = engine::is_floating(storage.dtype) || engine::is_complex(storage.dtype);
  const bool fits = static_cast<int>(draft.made.calls.size()) + 2 <= draft.limits.calls_max;
  if (!fits || !real || storage.rule == FillRule::values || engine::may_overlap(taken.sizes, taken.strides) ||
      !draft.choices.chance(1, 4))
    return nullptr;
  const Write& write = draft.choices.pick(writes);
  return draft.catalog.find(write.op) ? &write : nullptr;
}

// The tensors of a call that are inputs seen by nothing else.
std::vector<TensorRef*> lone_inputs(Case& made, Call& of) {
  std::vector<int> uses(made.inputs.size());
  std::vector<int> views(made.storages.size());
  for (Call& call : made.calls)
    for (Value& argument : call.arguments)
      for_each_tensor(argument, [&](TensorRef& ref) {
        if (ref.is_input()) ++uses[static_cast<size_t>(ref.index)];
      });
  for (const Input& input : made.inputs) ++views[static_cast<size_t>(input.storage)];
  std::vector<TensorRef*> lone;
  for (Value& argument : of.arguments)
    for_each_tensor(argument, [&](TensorRef& ref) {
      if (!ref.is_input() || uses[static_cast<size_t>(ref.index)] != 1) return;
      const Input& input = made.inputs[static_cast<size_t>(ref.index)];
      if (views[static_cast<size_t>(input.storage)] == 1) lone.push_back(&ref);
    });
  return lone;
}

bool is_written(const Operator& op, const Call& call, const TensorRef& ref) {
  bool written = false;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (!op.schema.arguments[i].is_write()) continue;
    for_each_tensor(call.arguments[i], [&](const TensorRef& each) { written = written || &each == &ref; });
  }
  return written;
}

// Its own arguments after the first, of a call to `op`; the rest by default.
Call call_of(const Operator& op, const Value& self, Arguments arguments) {
  Call call;
  call.op = op.name;
  call.arguments.push_back(self);
  for (size_t i = 0; i < op.schema.arguments.size(); ++i) {
    const engine::Argument& declared = op.schema.arguments[i];
    call.names.push_back(declared.name);
    if (i == 0) continue;
    const bool given = i <= arguments.size();
    call.arguments.push_back(given ? std::move(arguments[i - 1]) : default_of(declared).value_or(Value()));
  }
  return call;
}

// Calls of several results. `prepare` changes the input so that a result other than the first has the sizes
// and the dtype that the input had: the second or third of a list, or the second of a tuple.
struct Several {
  std::string_view op;
  bool (*prepare)(Seen, Arguments&);
  bool is_list = false;
};

bool unbind(Seen seen, Arguments& arguments) {
  if (!select(seen, arguments)) return false;
  arguments.pop_back();  // the index: the later call has it
  return true;
}

bool split(Seen seen, Arguments& arguments) {
  if (!seen.has_rule() || seen.rank() == 0) return false;
  const size_t dim = seen.some_dim();
  const int64_t size = seen.input.sizes[dim];
  const int64_t stride = seen.input.strides[dim];
  if (size == 0 || stride == 0) return false;
  seen.input.sizes[dim] = 3 * size;
  seen.storage.elements += 2 * size * stride;
  arguments = {Value::of_integer(size), Value::of_integer(static_cast<int64_t>(dim))};
  return true;
}

// (values, indices). An input with a fill rule may hold any integers, so also indices.
bool largest_indices(Seen seen, Arguments& arguments) {
  return seen.storage.dtype == engine::DType::i64 && unbind(seen, arguments);
}

bool sorted_indices(Seen seen, Arguments&) {
  return seen.has_rule() && seen.storage.dtype == engine::DType::i64;
}

// (variance, mean)
bool mean(Seen seen, Arguments& arguments) {
  if (!engine::is_floating(seen.storage.dtype) || !unbind(seen, arguments)) return false;
  arguments = {Value::of_list({arguments[0]})};
  return true;
}

constexpr std::array<Several, 5> calls_of_several{{{"aten::unbind.int", unbind, true},
                                                   {"aten::split.Tensor", split, true},
                                                   {"aten::max.dim", largest_indices},
                                                   {"aten::sort", sorted_indices},
                                                   {"aten::var_mean.correction", mean}}};

// What x.op_(y) writes, where y looks like it: x.op_(f(x)) reads what it writes.
const TensorRef* written_alike(const Draft& draft, const std::vector<TensorRef*>& lone,
                               const TensorRef& read) {
  const Call& last = draft.made.calls.back();
  const Operator* op = draft.catalog.find(last.op);
  if (!op || last.arguments.empty() || !op->schema.arguments[0].is_write()) return nullptr;
  const Input& to = draft.made.inputs[static_cast<size_t>(read.index)];
  for (const TensorRef* other : lone) {
    const Input& written = draft.made.inputs[static_cast<size_t>(other->index)];
    if (other != &last.arguments[0].tensor || other == &read || written.sizes != to.sizes) continue;
    return draft.made.storages[static_cast<size_t>(written.storage)].dtype ==
                   draft.made.storages[static_cast<size_t>(to.storage)].dtype
               ? other
               : nullptr;
  }
  return nullptr;
}

}  // namespace

void add_earlier_call(Draft& draft) {
  Case& made = draft.made;
  const std::vector<TensorRef*> lone = lone_inputs(made, made.calls.back());
  if (lone.empty()) return;
  TensorRef& place = *draft.choices.pick(lone);
  const TensorRef* const written = written_alike(draft, lone, place);
  const bool reads_written = written && draft.choices.chance(1, 2);
  const Earlier& earlier =
      reads_written ? draft.choices.pick(views_of_written) : draft.choices.pick(earlier_calls);
  const Operator* op = draft.catalog.find(earlier.op);
  if (!op) return;
  const TensorRef shown = reads_written ? *written : place;
  Input& input = made.inputs[static_cast<size_t>(shown.index)];
  Input changed = input;
  Storage& storage = made.storages[static_cast<size_t>(input.storage)];
  Arguments arguments;
  if (!earlier.prepare({changed, storage, draft.choices}, arguments)) return;
  const bool can_write_result = !engine::may_overlap(input.sizes, input.strides);
  const bool same_input = changed.sizes == input.sizes && changed.strides == input.strides;
  input = std::move(changed);
  const Value self = Value::of_input(shown.index);
  // Results of calls are numbered: the new ones stand just before the last.
  const auto at = static_cast<int32_t>(made.calls.size() - 1);
  const Value result = Value::of_result(at, 0);
  const Write* const write = reads_written ? nullptr : write_between(draft, input, storage);
  const bool writes_result = write && can_write_result && draft.choices.chance(1, 2);
  const bool shows_input = writes_result && same_input && draft.choices.chance(1, 2);
  if (!shows_input) place = {at, 0};
  made.calls.insert(made.calls.end() - 1, call_of(*op, self, std::move(arguments)));
  if (!write) return;
  Arguments numbers;
  if (write->number) numbers.push_back(Value::of_real(*write->number));
  made.calls.insert(made.calls.end() - 1, call_of(*draft.catalog.find(write->op),
                                                  writes_result ? result : self, std::move(numbers)));
}

void add_call_of_several_results(Draft& draft) {
  Case& made = draft.made;
  if (static_cast<int>(made.calls.size()) >= draft.limits.calls_max) return;
  const size_t reader = draft.choices.below(made.calls.size());
  const Operator* reads = draft.catalog.find(made.calls[reader].op);
  std::vector<TensorRef*> lone = lone_inputs(made, made.calls[reader]);
  std::erase_if(lone, [&](TensorRef* ref) { return is_written(*reads, made.calls[reader], *ref); });
  std::vector<Several> there;
  for (const Several& several : calls_of_several)
    if (draft.catalog.find(several.op)) there.push_back(several);
  if (lone.empty() || there.empty()) return;
  TensorRef& place = *draft.choices.pick(lone);
  const Several& several = draft.choices.pick(there);
  Input changed = made.inputs[static_cast<size_t>(place.index)];
  Storage& storage = made.storages[static_cast<size_t>(changed.storage)];
  Arguments arguments;
  if (!several.prepare({changed, storage, draft.choices}, arguments)) return;
  const int32_t result = several.is_list ? static_cast<int32_t>(draft.choices.between(1, 2)) : 1;
  const Value self = Value::of_input(place.index);
  made.inputs[static_cast<size_t>(place.index)] = std::move(changed);
  const auto at = static_cast<int32_t>(reader);
  for (Call& call : made.calls)
    for (Value& argument : call.arguments)
      for_each_tensor(argument, [&](TensorRef& ref) { ref.call += ref.call >= at; });
  place = {at, result};
  made.calls.insert(made.calls.begin() + at,
                    call_of(*draft.catalog.find(several.op), self, std::move(arguments)));
}

}  // namespace corpora
