#include "engine/fake/fake_call.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/core/each_tensor.h"
#include "engine/core/inference.h"
#include "engine/core/symbolic_geometry.h"
#include "engine/dispatch/written_tensors.h"
#include "engine/fake/constants.h"
#include "engine/fake/data_dependent.h"
#include "engine/fake/result_device.h"
#include "engine/fake/shapes/symbolic_call.h"
#include "engine/ops/declaration.h"
#include "engine/ops/geometry_rules.h"

namespace engine::fake {

namespace {

bool has_meta_kernel(const Call& call) {
  const Reason reason = call.op().reason_at(DispatchKey::Meta);
  return reason != Reason::missing && reason != Reason::backend_fallback;
}

// The call writes into a tensor of any device.
bool copies_between_devices(const Call& call) { return call.entry.name() == "aten::copy_"; }

Tensor zeros_like(const Tensor& fake) {
  const Tensor& inner = unwrapped(fake);
  const Tensor zeros = make_strided_tensor(inner.dtype(), inner.sizes(), inner.strides());
  if (const size_t bytes = zeros.storage()->bytes()) std::memset(zeros.storage()->data(), 0, bytes);
  return zeros;
}

std::span<const Value> values_of(const Stack& stack) { return {stack.begin(), stack.size()}; }

std::vector<Tensor> tensors_in(const Stack& stack) {
  std::vector<Tensor> tensors;
  for_each_tensor(values_of(stack), [&](const Tensor& tensor) { tensors.push_back(tensor); });
  return tensors;
}

}  // namespace

bool FakeCall::takes_arguments() {
  bool all = true;
  for_each_tensor(values_of(stack_), [&](const Tensor& tensor) {
    const Interpreter* const own = interpreter_of(tensor);
    if (!tensor.defined() || own == &mode_) return;
    if (dynamic_cast<const FakeMode*>(own))
      throw Error(call_.entry.name() + " got a tensor of another fake mode", ErrorKind::type);
    if (own) all = false;
    if (!own && !mode_.settings_.converts_plain_tensors)
      throw Error(
          call_.entry.name() + " got a tensor that is not fake, in a fake mode or beside fake tensors",
          ErrorKind::type);
    has_plain_ = true;
  });
  return all;
}

void FakeCall::collect() {
  ResultDevice device(call_.entry.name());
  size_t operands = 0;
  for (size_t i = 0; i < stack_.size(); ++i) {
    Value& value = stack_[i];
    const bool out = call_.schema().arguments[i].is_out();
    if (has_plain_)
      change_each_tensor(value, [&](Tensor& tensor) { tensor = mode_.fake_of(Tensor(tensor)); });
    has_symbols_ = has_symbols_ || value.has_symbols();
    for_each_tensor(value, [&](const Tensor& tensor) {
      if (!tensor.defined()) return;
      const bool ignored = !given_.empty() && (copies_between_devices(call_) || (out && operands == 1));
      if (!ignored) device.add(tensor);
      if (!out) ++operands;
      has_symbols_ = has_symbols_ || symbolic_geometry(tensor);
      given_.push_back({tensor, unwrapped(tensor)});
    });
  }
  device_ = device.device().value_or(DeviceType::cpu);
  if (call_.schema().is_mutable() && !copies_between_devices(call_)) refuse_writes_elsewhere();
}

// A tensor that is read may be a number on the CPU; one that is written must be on the device of the result.
void FakeCall::refuse_writes_elsewhere() const {
  for_each_written_tensor(call_.schema(), values_of(stack_), [&](const WrittenTensor& each) {
    if (each.tensor.device() != device_) ops::refuse_devices(device_, each.tensor.device());
  });
}

bool FakeCall::are_constant() const {
  return !given_.empty() && device_.type == DeviceType::cpu &&
         std::ranges::all_of(given_,
                             [](const GivenTensor& each) { return constant_of(each.fake).defined(); });
}

void FakeCall::forget_written_constants() const {
  for_each_written_tensor(call_.schema(), values_of(stack_),
                          [](const WrittenTensor& each) { forget_constants(each.tensor.storage()); });
}

// Takes the name of the device out of the arguments: the Meta kernel runs.
std::optional<Device> FakeCall::named_device() {
  const std::vector<Argument>& arguments = call_.schema().arguments;
  for (size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i].name != "device") continue;
    std::optional<Device> named;
    if (!stack_[i].is_none()) named = stack_[i].device();
    stack_[i] = Value(Device(DeviceType::meta));
    return named;
  }
  return std::nullopt;
}

bool FakeCall::take_from_cache(CallCache::Key& key) {
  if (const std::string_view why = CallCache::key_of(call_, stack_, given_, key); !why.empty()) {
    mode_.cache_.count_bypass(why);
    key.clear();
    return false;
  }
  const CachedCall* const known = mode_.cache_.find(key);
  if (known) replay(*known);
  return known;
}

void FakeCall::replay(const CachedCall& known) {
  device_ = known.device;
  const auto tensor_of = [&](const CachedTensor& each) {
    if (each.kind == CachedTensor::Kind::undefined) return Tensor();
    if (each.kind == CachedTensor::Kind::argument) return given_[each.argument].fake;
    Storage storage = each.kind == CachedTensor::Kind::view
                          ? given_[each.argument].inner.storage()
                          : make_storage_without_data(DeviceType::meta, each.bytes);
    return wrapper_of(Tensor(make_intrusive<TensorBody>(each.keys, std::move(storage), each.dtype,
                                                        DeviceType::meta, each.geometry, each.offset)));
  };
  SmallVector<Value, 2> results;
  for (const CachedResult& each : known.results) {
    if (!each.is_list) {
      results.emplace_back(tensor_of(each.tensors[0]));
      continue;
    }
    std::vector<Tensor> list;
    for (const CachedTensor& tensor : each.tensors) list.push_back(tensor_of(tensor));
    results.emplace_back(std::move(list));
  }
  stack_.clear();
  for (Value& result : results) stack_.push_back(std::move(result));
}

void FakeCall::run() {
  collect();
  const bool constant = !has_symbols_ && are_constant();
  if (!constant) forget_written_constants();
  if (!constant && mode_.shapes() && replace_masks(call_, stack_, *mode_.shapes())) {
    wrap_results();
    given_.clear();
    collect();
  }
  CallCache::Key key;
  if (constant || has_symbols_) {
    mode_.cache_.count_bypass(constant ? "constants" : "symbols");
  } else if (mode_.settings_.caches_calls && take_from_cache(key)) {
    return;
  }
  if (!has_meta_kernel(call_) && !constant && mode_.shapes() &&
      answer_with_symbols(call_, stack_, *mode_.shapes()))
    return wrap_results();
  std::optional<SymbolicCall> symbols;
  if (has_symbols_) symbols.emplace(call_, stack_);
  Stack real;
  if (constant) real = real_arguments();
  if (const std::optional<Device> named = named_device()) device_ = *named;
  if (constant && (!has_meta_kernel(call_) || has_masks(call_, stack_))) {
    const std::vector<Tensor> arguments = tensors_in(real);
    evaluate(real);
    return return_evaluated(real, arguments);
  }
  compute();
  wrap_results();
  if (symbols) symbols->give_results(values_of(stack_));
  if (constant) {
    evaluate(real);
    keep_constants(real);
  }
  if (key.empty()) return;
  CachedCall made{device_, {}};
  std::string_view why = changed_ ? "a change of an argument" : CallCache::describe(stack_, given_, made);
  if (why.empty())
    mode_.cache_.keep(key, std::move(made));
  else
    mode_.cache_.count_bypass(why);
}

void FakeCall::compute() {
  if (has_meta_kernel(call_)) {
    run_kernel();
  } else if (mode_.settings_.runs_on_zeros) {
    compute_on_zeros();
  } else if (const auto* declared = ops::declared_form(call_.entry.name()).declaration;
             declared && declared->needs_data) {
    throw NeedsData(call_.entry.name());
  } else {
    throw Error(call_.entry.name() + " has no Meta kernel, so that fake tensors cannot run it",
                ErrorKind::not_implemented);
  }
}

// A kernel may have changed the geometry or the storage of an argument.
void FakeCall::follow(const GivenTensor& argument) {
  const Tensor &fake = argument.fake, &inner = argument.inner;
  if (fake.sizes() != inner.sizes() || fake.strides() != inner.strides() || fake.offset() != inner.offset()) {
    changed_ = true;
    fake.set_geometry(inner.sizes(), inner.strides(), inner.offset());
    set_symbolic_geometry(fake, sym_dims(inner.sizes()), sym_dims(inner.strides()), inner.offset());
  }
  if (fake.storage() != inner.storage()) {
    changed_ = true;
    fake.set_storage(inner.storage());
  }
}

void FakeCall::run_kernel() {
  size_t bytes = 0;
  const auto all_bytes = [&] {
    size_t sum = 0;
    for (const GivenTensor& each : given_) sum += each.inner.storage() ? each.inner.storage()->bytes() : 0;
    return sum;
  };
  bytes = all_bytes();
  for (Value& value : stack_) {
    change_each_tensor(value, [&](Tensor& tensor) {
      if (tensor.defined()) tensor = Tensor(unwrapped(tensor));
    });
    if (value.is(ValueTag::symbol)) value = Value(value.sym_int().hint());
    if (value.has_symbols()) {
      Dims numbers;
      for (const SymInt& each : value.sym_ints()) numbers.push_back(each.hint());
      value = Value(std::move(numbers));
    }
  }
  // Also after an exception: a kernel may have resized an argument before it raised, as the real one has.
  struct FollowArguments {
    FakeCall& call;
    ~FollowArguments() {
      for (const GivenTensor& each : call.given_) call.follow(each);
    }
  } const following{*this};
  const ExcludeKeys below_python(python_keys);
  call_.op().call_boxed(stack_);
  changed_ = changed_ || bytes != all_bytes();
}

void FakeCall::compute_on_zeros() {
  for (GivenTensor& each : given_) each.inner = zeros_like(each.fake);
  auto next = given_.begin();
  for (Value& value : stack_)
    change_each_tensor(value, [&](Tensor& tensor) {
      if (tensor.defined()) tensor = (next++)->inner;
    });
  changed_ = true;  // nothing is known about its results
  const ExcludeKeys below_python(python_keys);
  call_.op().call_boxed(stack_);
  for_each_tensor(values_of(stack_), [&](const Tensor& result) {
    for (const GivenTensor& each : given_)
      if (result.defined() && result.shares_storage(each.inner) && !result.is_same(each.inner))
        throw Error(call_.entry.name() + " has no Meta kernel, and its result views an argument",
                    ErrorKind::not_implemented);
  });
}

Tensor FakeCall::wrapper_of(const Tensor& inner) const {
  const Tensor wrapper = make_wrapper(mode_, inner, inner.storage(), device_);
  // Whether it is an inference tensor the kernel decided.
  wrapper.set_keys((wrapper.keys() - keys_of_recording) | (inner.keys() & keys_of_recording));
  if (const SymbolicGeometry* const symbols = symbolic_geometry(inner))
    set_symbolic_geometry(wrapper, symbols->sizes, symbols->strides, symbols->offset);
  return wrapper;
}

Tensor FakeCall::result_of(const Tensor& computed) const {
  if (interpreter_of(computed) == &mode_) return computed;
  const auto found =
      std::ranges::find_if(given_, [&](const GivenTensor& each) { return each.inner.is_same(computed); });
  if (found != given_.end()) return found->fake;
  return wrapper_of(computed.is_meta() ? computed : unwrapped(mode_.fake_of(computed)));
}

void FakeCall::wrap_results() {
  for (Value& value : stack_)
    change_each_tensor(value, [&](Tensor& tensor) {
      if (tensor.defined()) tensor = result_of(Tensor(tensor));
    });
}

// The arguments with their constants.
Stack FakeCall::real_arguments() const {
  Stack real = stack_;
  for (Value& value : real)
    change_each_tensor(value, [](Tensor& tensor) {
      if (tensor.defined()) tensor = constant_of(Tensor(tensor));
    });
  return real;
}

// Runs the operator for real. If it raises, what it wrote is not known.
void FakeCall::evaluate(Stack& real) const {
  const Stack arguments = real;  // kept alive: they are compared with the results
  try {
    const ExcludeKeys below_python(python_keys);
    call_.op().call_boxed(real);
  } catch (...) {
    for (const GivenTensor& each : given_) forget_constants(each.fake.storage());
    throw;
  }
}

// The results are on the stack, their values in `real`.
void FakeCall::keep_constants(const Stack& real) const {
  for (const GivenTensor& each : given_)  // a written tensor may have grown
    if (constant_of(each.fake).element_count() > constant_elements_max) forget_constants(each.fake.storage());
  const std::vector<Tensor> fakes = tensors_in(stack_), values = tensors_in(real);
  for (size_t i = 0; i < fakes.size() && i < values.size(); ++i) {
    if (!fakes[i].defined() || !values[i].defined()) continue;
    if (values[i].element_count() <= constant_elements_max) keep_constant(fakes[i], values[i]);
  }
}

void FakeCall::return_evaluated(const Stack& real, const std::vector<Tensor>& constants) {
  stack_ = real;
  for (Value& value : stack_)
    change_each_tensor(value, [&](Tensor& tensor) {
      if (!tensor.defined()) return;
      const auto found =
          std::ranges::find_if(constants, [&](const Tensor& each) { return each.is_same(tensor); });
      tensor = found == constants.end() ? mode_.converter_.fake_without_memo(Tensor(tensor))
                                        : given_[static_cast<size_t>(found - constants.begin())].fake;
    });
  keep_constants(real);
}

}  // namespace engine::fake
