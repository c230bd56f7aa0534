#include "oracles/subjects/engine/program_kernels.h"

namespace oracles {

using corpora::Act;
using corpora::Flavour;
using corpora::Statement;
using engine::Call;
using engine::DispatchKey;
using engine::Generator;
using engine::KeySet;
using engine::OptionalTensorSpan;
using engine::Stack;
using engine::Tensor;
using engine::TensorSpan;
using engine::Value;

namespace {

using MaybeTensor = std::optional<Tensor>;

// Adds the tensors of one argument.
void collect(const Tensor& tensor, std::vector<Tensor>& found) { found.push_back(tensor); }
void collect(const MaybeTensor& tensor, std::vector<Tensor>& found) {
  if (tensor) found.push_back(*tensor);
}
void collect(TensorSpan list, std::vector<Tensor>& found) {
  for (const Tensor& each : list) collect(each, found);
}
void collect(OptionalTensorSpan list, std::vector<Tensor>& found) {
  for (const MaybeTensor& each : list) collect(each, found);
}
void collect(const Generator&, std::vector<Tensor>&) {}
void collect(int64_t, std::vector<Tensor>&) {}
void collect(const Value& value, std::vector<Tensor>& found) {
  if (value.is_tensor()) collect(value.tensor(), found);
  if (value.is(engine::ValueTag::tensors)) collect(TensorSpan(value.tensors()), found);
  if (value.is(engine::ValueTag::optional_tensors))
    collect(OptionalTensorSpan(value.optional_tensors()), found);
}

[[noreturn]] void throw_inside_a_guard() {
  const engine::IncludeKeys guard(DispatchKey::VmapMode);
  throw EngineMachine::Thrown();
}

void change_first_list(std::span<Value> values) {
  for (Value& value : values) {
    if (value.is(engine::ValueTag::tensors) && !value.tensors().empty())
      value.mutable_tensors().front() = EngineLibrary::tensor(DispatchKey::Tracer);
    if (value.is(engine::ValueTag::optional_tensors) && !value.optional_tensors().empty())
      value.mutable_optional_tensors().front() = EngineLibrary::tensor(DispatchKey::Tracer);
  }
}

struct BoxedKernel {
  EngineMachine* machine;
  int number;
  Act act;

  void operator()(const Call& call, Stack& stack) const {
    machine->record_kernel(number);
    if (act == Act::throws) throw_inside_a_guard();
    if ((act == Act::redispatches || act == Act::recalls) && machine->can_nest(call.keys))
      return call_nested(call, stack);
    const std::span<Value> arguments = stack.last(call.schema().arguments.size());
    std::vector<Tensor> tensors;
    for (const Value& argument : arguments) collect(argument, tensors);
    if (act == Act::writes_list) change_first_list(arguments);
    Tensor result;
    if (!tensors.empty()) result = act == Act::other_tensor ? tensors.back() : tensors.front();
    stack.drop(arguments.size());
    stack.push_back(result);
    if (act == Act::two_results) stack.push_back(result);
  }
  void call_nested(const Call& call, Stack& stack) const {
    const EngineMachine::Nesting nesting(*machine);
    const DispatchKey layer = call.keys.highest_functionality();
    if (act == Act::redispatches)
      return call.op().redispatch_boxed(call.keys & KeySet::full_after(layer), stack);
    const engine::ExcludeKeys guard(layer);
    call.op().call_boxed(stack);
  }
};

template <class Signature>
struct TypedKernel;
template <class R, class... Args>
struct TypedKernel<R(Args...)> {
  EngineMachine* machine;
  int number;
  Act act;

  R operator()(const Call& call, Args... args) const {
    machine->record_kernel(number);
    if (act == Act::throws) throw_inside_a_guard();
    if (act != Act::returns && machine->can_nest(call.keys)) {
      const EngineMachine::Nesting nesting(*machine);
      const engine::TypedOperator<R(Args...)> op(&call.entry);
      const DispatchKey layer = call.keys.highest_functionality();
      if (act == Act::redispatches) return op.redispatch(call.keys & KeySet::full_after(layer), args...);
      const engine::ExcludeKeys guard(layer);
      return op.call(args...);
    }
    if constexpr (std::is_reference_v<R>) {
      return std::get<0>(std::forward_as_tuple(args...));
    } else {
      std::vector<Tensor> tensors;
      (collect(args, tensors), ...);
      return tensors.empty() ? Tensor() : tensors.front();
    }
  }
};

template <class Signature>
struct TypedCall;
template <class R, class... Args>
struct TypedCall<R(Args...)> {
  static Tensor make(const engine::Operator& op, const Statement& call, std::vector<Value> arguments) {
    return make(op, call, arguments, std::index_sequence_for<Args...>());
  }
  template <size_t... I>
  static Tensor make(const engine::Operator& op, const Statement& call, std::vector<Value>& arguments,
                     std::index_sequence<I...>) {
    const auto typed = op.typed<R(Args...)>();
    if (call.redispatch) return typed.redispatch(call.keys, engine::CppTypeOf<Args>::from(arguments[I])...);
    return typed.call(engine::CppTypeOf<Args>::from(arguments[I])...);
  }
};

}  // namespace

engine::Kernel program_kernel(EngineMachine& machine, const Statement& s) {
  if (s.act == Act::falls_through) return engine::Kernel::fallthrough();
  if (s.flavour == Flavour::boxed || s.kind == corpora::StatementKind::fallback)
    return engine::boxed_kernel_of(BoxedKernel{&machine, s.number, s.act});
  return with_signature<EngineLibrary>(s.op, [&]<class Signature>() {
    if (s.flavour == Flavour::typed)
      return engine::kernel_of(TypedKernel<Signature>{&machine, s.number, s.act});
    return engine::kernel_of(TypedKernel<typename WithAnother<Signature>::Type>{&machine, s.number, s.act});
  });
}

Tensor EngineLibrary::tensor(KeySet keys) {
  return Tensor(engine::make_intrusive<engine::TensorBody>(keys, engine::Storage(), engine::DType::f32,
                                                           engine::Device(engine::DeviceType::cpu),
                                                           engine::Geometry(), 0));
}

Value EngineLibrary::generator() {
  return engine::make_intrusive<engine::GeneratorState>(engine::Device(engine::DeviceType::cpu));
}

Tensor call_typed(const engine::Operator& op, const Statement& call, const std::vector<Value>& arguments) {
  return with_signature<EngineLibrary>(
      call.op, [&]<class Signature>() { return TypedCall<Signature>::make(op, call, arguments); });
}

}  // namespace oracles
