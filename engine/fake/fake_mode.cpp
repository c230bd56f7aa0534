#include "engine/fake/fake_mode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "engine/core/each_tensor.h"
#include "engine/fake/result_device.h"
#include "engine/ops/declaration.h"

namespace engine::fake {

namespace {

constexpr size_t fake_place = static_cast<size_t>(ModePlace::fake);

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

}  // namespace

NeedsData::NeedsData(const std::string& op)
    : Error(op + " depends on elements, which fake tensors do not have", ErrorKind::not_implemented),
      op_(op) {}

FakeMode::FakeMode(FakeSettings settings) : settings_(settings), converter_(*this) {}

// One call: its arguments without their wrappers, then its results with them.
class FakeCall {
 public:
  FakeCall(FakeMode& mode, const Call& call, Stack& stack) : mode_(mode), call_(call), stack_(stack) {}

  // Whether all tensors are this mode's, or can be. Raises before any effect if one must not be.
  bool takes_arguments();
  void run();

 private:
  struct Given {
    Tensor fake, computed;  // an argument of the call, and that of the operator's kernel
  };

  std::optional<Device> named_device();
  void compute();
  void compute_on_zeros();
  void wrap_results();
  Tensor result_of(const Tensor& computed) const;

  FakeMode& mode_;
  const Call& call_;
  Stack& stack_;
  std::vector<Given> given_;
  Device device_ = {};
};

bool FakeCall::takes_arguments() {
  bool all = true;
  for_each_tensor(std::span<const Value>(stack_.begin(), stack_.size()), [&](const Tensor& tensor) {
    const Interpreter* const own = interpreter_of(tensor);
    if (!tensor.defined() || own == &mode_) return;
    if (dynamic_cast<const FakeMode*>(own))
      throw Error(call_.entry.name() + " got a tensor of another fake mode", ErrorKind::type);
    if (own) all = false;
    if (!own && !mode_.settings_.converts_plain_tensors)
      throw Error(
          call_.entry.name() + " got a tensor that is not fake, in a fake mode or beside fake tensors",
          ErrorKind::type);
  });
  return all;
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

void FakeCall::run() {
  ResultDevice device(call_.entry.name());
  for (Value& value : stack_)
    change_each_tensor(value, [&](Tensor& tensor) {
      if (!tensor.defined()) return;
      Tensor fake = mode_.fake_of(tensor);
      if (!copies_between_devices(call_) || given_.empty()) device.add(fake);
      tensor = unwrapped(fake);
      given_.push_back({std::move(fake), tensor});
    });
  const std::optional<Device> named = named_device();
  device_ = named ? *named : device.device().value_or(DeviceType::cpu);
  if (has_meta_kernel(call_))
    compute();
  else if (mode_.settings_.runs_on_zeros)
    compute_on_zeros();
  else if (const auto* declared = ops::declared_form(call_.entry.name()).declaration;
           declared && declared->needs_data)
    throw NeedsData(call_.entry.name());
  else
    throw Error(call_.entry.name() + " has no Meta kernel, so that fake tensors cannot run it",
                ErrorKind::not_implemented);
  wrap_results();
}

void FakeCall::compute() {
  // Also after an exception: a kernel may have resized an argument before it raised, as the real one has.
  struct FollowArguments {
    const std::vector<Given>& given;
    ~FollowArguments() {
      for (const Given& each : given) {
        each.fake.set_geometry(each.computed.sizes(), each.computed.strides(), each.computed.offset());
        if (each.fake.storage() != each.computed.storage()) each.fake.set_storage(each.computed.storage());
      }
    }
  } const follow{given_};
  const ExcludeKeys below_python(python_keys);
  call_.op().call_boxed(stack_);
}

void FakeCall::compute_on_zeros() {
  for (Given& each : given_) each.computed = zeros_like(each.fake);
  auto next = given_.begin();
  for (Value& value : stack_)
    change_each_tensor(value, [&](Tensor& tensor) {
      if (tensor.defined()) tensor = (next++)->computed;
    });
  const ExcludeKeys below_python(python_keys);
  call_.op().call_boxed(stack_);
  for_each_tensor(std::span<const Value>(stack_.begin(), stack_.size()), [&](const Tensor& result) {
    for (const Given& each : given_)
      if (result.defined() && result.shares_storage(each.computed) && !result.is_same(each.computed))
        throw Error(call_.entry.name() + " has no Meta kernel, and its result views an argument",
                    ErrorKind::not_implemented);
  });
}

Tensor FakeCall::result_of(const Tensor& computed) const {
  const auto found =
      std::ranges::find_if(given_, [&](const Given& each) { return each.computed.is_same(computed); });
  if (found != given_.end()) return found->fake;
  const Tensor meta = computed.is_meta() ? computed : unwrapped(mode_.fake_of(computed));
  return make_wrapper(mode_, meta, meta.storage(), device_);
}

void FakeCall::wrap_results() {
  for (Value& value : stack_)
    change_each_tensor(value, [&](Tensor& tensor) {
      if (tensor.defined()) tensor = result_of(Tensor(tensor));
    });
}

Answer FakeMode::dispatch(const Call& call, Stack& stack) {
  FakeCall fake(*this, call, stack);
  if (!fake.takes_arguments()) return Answer::not_implemented;
  fake.run();
  return Answer::done;
}

UseFakeMode::UseFakeMode(FakeMode& mode) {
  Modes modes = thread_modes;
  if (std::exchange(modes.in_place[fake_place], nullptr)) without_other_.emplace(modes);
  guard_.emplace(mode, ModePlace::fake);
}

}  // namespace engine::fake
