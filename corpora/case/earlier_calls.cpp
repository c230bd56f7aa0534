#include "corpora/case/earlier_calls.h"

#include <algorithm>
#include <array>
#include <utility>

#include "corpora/case/case_defaults.h"
#include "corpora/case/simpler_edit.h"

namespace corpora {
namespace {

using engine::Dims;

// An input, and the storage, which no other input has.
struct Target {
  Input& input;
  Storage& storage;
  ChoiceSource& choices;

  bool has_rule() const { return storage.rule != FillRule::values; }
  size_t rank() const { return input.sizes.size(); }
  size_t some_dim() const { return choices.below(rank()); }
};

using Arguments = std::vector<Value>;  // of a call, after its first tensor

Arguments integers(std::initializer_list<int64_t> numbers) { return Value::of_integers(Dims(numbers)).list; }

// Each changes the input so that the call's result has the geometry that the input had, and sets the
// arguments. Returns false if that is not possible.
using Prepare = bool (*)(Target, Arguments&);

bool transpose(Target target, Arguments& arguments) {
  if (target.rank() < 2) return false;
  const size_t first = target.some_dim();
  const size_t second = target.some_dim();
  std::swap(target.input.sizes[first], target.input.sizes[second]);
  std::swap(target.input.strides[first], target.input.strides[second]);
  arguments = integers({static_cast<int64_t>(first), static_cast<int64_t>(second)});
  return true;
}

bool select(Target target, Arguments& arguments) {
  if (!target.has_rule() || target.storage.elements == 0 || target.rank() >= 5) return false;
  const auto dim = static_cast<int64_t>(target.choices.below(target.rank() + 1));
  const int64_t index = target.choices.between(0, 2);
  target.input.sizes.insert(target.input.sizes.begin() + dim, 3);
  target.input.strides.insert(target.input.strides.begin() + dim, target.storage.elements);
  target.storage.elements *= 3;
  arguments = integers({dim, index});
  return true;
}

// A dimension that can become longer.
std::optional<size_t> extensible_dim(Target target) {
  if (!target.has_rule() || target.rank() == 0) return std::nullopt;
  const size_t dim = target.some_dim();
  if (target.input.sizes[dim] == 0 || target.input.strides[dim] == 0) return std::nullopt;
  return dim;
}

void extend(Target target, size_t dim, int64_t by) {
  target.input.sizes[dim] += by;
  target.storage.elements += by * target.input.strides[dim];
}

bool slice(Target target, Arguments& arguments) {
  const std::optional<size_t> dim = extensible_dim(target);
  if (!dim) return false;
  const int64_t size = target.input.sizes[*dim];
  const int64_t before = target.choices.between(0, 2);
  const int64_t after = target.choices.between(0, 1);
  extend(target, *dim, before + after);
  arguments = integers({static_cast<int64_t>(*dim), before, before + size, 1});
  return true;
}

bool unsqueeze(Target target, Arguments& arguments) {
  Dims& sizes = target.input.sizes;
  const auto one = std::ranges::find(sizes, 1);
  if (one == sizes.end()) return false;
  const auto dim = one - sizes.begin();
  arguments = integers({dim});
  target.input.strides.erase(target.input.strides.begin() + dim);
  sizes.erase(one);
  return true;
}

bool expand(Target target, Arguments& arguments) {
  Dims& sizes = target.input.sizes;
  arguments = {Value::of_integers(sizes), Value::of_boolean(false)};
  bool any = false;
  for (size_t d = 0; d < sizes.size(); ++d) {
    if (target.input.strides[d] != 0 || sizes[d] < 2) continue;
    sizes[d] = 1;
    any = true;
  }
  return any;
}

bool view(Target target, Arguments& arguments) {
  Dims& sizes = target.input.sizes;
  if (!engine::is_contiguous(sizes, target.input.strides)) return false;
  arguments = {Value::of_integers(sizes)};
  sizes = {engine::element_count(sizes)};
  target.input.strides = {1};
  return true;
}

bool same(Target, Arguments&) { return true; }
// For calls that change values: the last call must not require certain values.
bool same_floating(Target target, Arguments&) {
  return target.has_rule() && engine::is_floating(target.storage.dtype);
}
bool same_complex(Target target, Arguments&) {
  return target.has_rule() && engine::is_complex(target.storage.dtype);
}
bool same_numbers(Target target, Arguments&) {
  return target.has_rule() && target.storage.dtype != engine::DType::b8;
}

struct Earlier {
  std::string_view op;
  Prepare prepare;
};

constexpr std::array<Earlier, 16> earlier_calls{{{"aten::clone", same},
                                                 {"aten::transpose.int", transpose},
                                                 {"aten::slice.Tensor", slice},
                                                 {"aten::select.int", select},
                                                 {"aten::neg", same_floating},
                                                 {"aten::view", view},
                                                 {"aten::unsqueeze", unsqueeze},
                                                 {"aten::expand", expand},
                                                 {"aten::alias", same},
                                                 {"aten::detach", same},
                                                 {"aten::abs", same_floating},
                                                 {"aten::contiguous", same},
                                                 {"aten::positive", same},
                                                 {"aten::relu", same_floating},
                                                 {"aten::_neg_view", same_floating},
                                                 {"aten::_conj", same_complex}}};

// For last calls that read what they write: lazy views and an alias of the written tensor.
constexpr std::array<Earlier, 3> views_of_written{
    {{"aten::_neg_view", same_numbers}, {"aten::_conj", same_complex}, {"aten::alias", same}}};

// Calls that write their first argument, and do not make any number much larger.
struct Write {
  std::string_view op;
  std::optional<double> number;  // its second argument
};
constexpr std::array<Write, 5> writes{{{"aten::neg_", {}},
                                       {"aten::mul_.Scalar", 0.5},
                                       {"aten::add_.Scalar", 1},
                                       {"aten::tanh_", {}},
                                       {"aten::zero_", {}}}};

// A write between an earlier call and the last, or none. It may change a view, or a tensor saved for a
// derivative.
const Write* write_between(Draft& draft, const Input& taken, const Storage& storage) {
  const bool real = engine::is_floating(storage.dtype) || engine::is_complex(storage.dtype);
  const bool fits = static_cast<int>(draft.made.calls.size()) + 2 <= draft.limits.calls_max;
  if (!fits || !real || storage.rule == FillRule::values || engine::may_overlap(taken.sizes, taken.strides) ||
      !draft.choices.chance(1, 4))
    return nullptr;
  const Write& write = draft.choices.pick(writes);
  return draft.catalog.find(write.op) ? &write : nullptr;
}

// The input arguments of a call that are used nowhere else and do not share their storage.
std::vector<TensorRef*> exclusive_inputs(Case& made, Call& of) {
  std::vector<int> uses(made.inputs.size());
  for_each_tensor(made, [&](const TensorRef& ref) {
    if (ref.is_input()) ++uses[static_cast<size_t>(ref.index)];
  });
  std::vector<TensorRef*> exclusive;
  for_each_tensor(of, [&](TensorRef& ref) {
    const auto index = static_cast<size_t>(ref.index);
    if (ref.is_input() && uses[index] == 1 && !edit::shares_storage(made, index)) exclusive.push_back(&ref);
  });
  return exclusive;
}

bool is_written(const Operator& op, const Call& call, const TensorRef& ref) {
  bool written = false;
  for (size_t i = 0; i < call.arguments.size(); ++i) {
    if (!op.schema.arguments[i].is_write()) continue;
    for_each_tensor(call.arguments[i], [&](const TensorRef& each) { written = written || &each == &ref; });
  }
  return written;
}

// A call of `op` on `self`; arguments that are not given have their defaults.
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

// Calls with several results. `prepare` changes the input so that a result other than the first has the sizes
// and the dtype that the input had: the second or third of a list, or the second of a tuple.
struct Several {
  std::string_view op;
  Prepare prepare;
  bool is_list = false;
};

bool unbind(Target target, Arguments& arguments) {
  if (!select(target, arguments)) return false;
  arguments.pop_back();  // the index
  return true;
}

bool split(Target target, Arguments& arguments) {
  const std::optional<size_t> dim = extensible_dim(target);
  if (!dim) return false;
  const int64_t size = target.input.sizes[*dim];
  extend(target, *dim, 2 * size);
  arguments = integers({size, static_cast<int64_t>(*dim)});
  return true;
}

// (values, indices). An input with a fill rule may hold any integers, so that indices may replace it.
bool largest_indices(Target target, Arguments& arguments) {
  return target.storage.dtype == engine::DType::i64 && unbind(target, arguments);
}

bool sorted_indices(Target target, Arguments&) {
  return target.has_rule() && target.storage.dtype == engine::DType::i64;
}

// (variance, mean)
bool mean(Target target, Arguments& arguments) {
  if (!engine::is_floating(target.storage.dtype) || !unbind(target, arguments)) return false;
  arguments = {Value::of_list({arguments[0]})};
  return true;
}

constexpr std::array<Several, 5> calls_of_several{{{"aten::unbind.int", unbind, true},
                                                   {"aten::split.Tensor", split, true},
                                                   {"aten::max.dim", largest_indices},
                                                   {"aten::sort", sorted_indices},
                                                   {"aten::var_mean.correction", mean}}};

// The x of x.op_(y), if y has the same sizes and dtype: then x.op_(f(x)) is possible, which reads what it
// writes.
const TensorRef* written_like(const Draft& draft, const std::vector<TensorRef*>& exclusive,
                              const TensorRef& read) {
  const Call& last = draft.made.calls.back();
  const Operator* op = draft.catalog.find(last.op);
  if (!op || last.arguments.empty() || !op->schema.arguments[0].is_write()) return nullptr;
  const Case& made = draft.made;
  const TensorRef* const written = &last.arguments[0].tensor;
  if (written == &read || std::ranges::find(exclusive, written) == exclusive.end()) return nullptr;
  const Input& from = made.input_of(*written);
  const Input& to = made.input_of(read);
  const bool alike = from.sizes == to.sizes && made.storage_of(from).dtype == made.storage_of(to).dtype;
  return alike ? written : nullptr;
}

}  // namespace

void add_earlier_call(Draft& draft) {
  Case& made = draft.made;
  const std::vector<TensorRef*> exclusive = exclusive_inputs(made, made.calls.back());
  if (exclusive.empty()) return;
  TensorRef& replaced = *draft.choices.pick(exclusive);
  const TensorRef* const written = written_like(draft, exclusive, replaced);
  const bool reads_written = written && draft.choices.chance(1, 2);
  const Earlier& earlier =
      reads_written ? draft.choices.pick(views_of_written) : draft.choices.pick(earlier_calls);
  const Operator* op = draft.catalog.find(earlier.op);
  if (!op) return;
  const TensorRef read = reads_written ? *written : replaced;
  Input& input = made.input_of(read);
  Input changed = input;
  Storage& storage = made.storage_of(input);
  Arguments arguments;
  if (!earlier.prepare({changed, storage, draft.choices}, arguments)) return;
  const bool can_write_result = !engine::may_overlap(input.sizes, input.strides);
  const bool same_input = changed.sizes == input.sizes && changed.strides == input.strides;
  input = std::move(changed);
  const Value self = Value::of_input(read.index);
  const auto at = static_cast<int32_t>(made.calls.size() - 1);
  const Value result = Value::of_result(at, 0);
  const Write* const write = reads_written ? nullptr : write_between(draft, input, storage);
  const bool writes_result = write && can_write_result && draft.choices.chance(1, 2);
  const bool keeps_input = writes_result && same_input && draft.choices.chance(1, 2);
  if (!keeps_input) replaced = {at, 0};
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
  const auto at = static_cast<int32_t>(draft.choices.below(made.calls.size()));
  Call& reader = made.calls[static_cast<size_t>(at)];
  const Operator& reads = *draft.catalog.find(reader.op);
  std::vector<TensorRef*> exclusive = exclusive_inputs(made, reader);
  std::erase_if(exclusive, [&](TensorRef* ref) { return is_written(reads, reader, *ref); });
  std::vector<Several> available;
  for (const Several& several : calls_of_several)
    if (draft.catalog.find(several.op)) available.push_back(several);
  if (exclusive.empty() || available.empty()) return;
  TensorRef& replaced = *draft.choices.pick(exclusive);
  const Several& several = draft.choices.pick(available);
  const Value self = Value::of_input(replaced.index);
  Input changed = made.input_of(replaced);
  Arguments arguments;
  if (!several.prepare({changed, made.storage_of(changed), draft.choices}, arguments)) return;
  const int32_t result = several.is_list ? static_cast<int32_t>(draft.choices.between(1, 2)) : 1;
  made.input_of(replaced) = std::move(changed);
  for_each_tensor(made, [&](TensorRef& ref) { ref.call += ref.call >= at; });
  replaced = {at, result};
  made.calls.insert(made.calls.begin() + at,
                    call_of(*draft.catalog.find(several.op), self, std::move(arguments)));
}

}  // namespace corpora
