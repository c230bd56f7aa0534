#include "oracles/subjects/engine/program_kernels.h"

#include "engine/core/check.h"

namespace oracles {

using corpora::Act;
using corpora::Flavour;
using corpora::ProgramArgument;
using corpora::ProgramOp;
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

// --- the tensors among arguments

void note(const Tensor& tensor, const Tensor*& first) {
  if (!first) first = &tensor;
}
void note(const MaybeTensor& tensor, const Tensor*& first) {
  if (tensor) note(*tensor, first);
}
void note(TensorSpan list, const Tensor*& first) {
  for (const Tensor& each : list) note(each, first);
}
void note(OptionalTensorSpan list, const Tensor*& first) {
  for (const MaybeTensor& each : list) note(each, first);
}
void note(const Generator&, const Tensor*&) {}
void note(int64_t, const Tensor*&) {}

// All tensors on the last values of a stack, in order.
std::vector<Tensor> tensors_of(std::span<const Value> values) {
  std::vector<Tensor> found;
  for (const Value& value : values) {
    if (value.is_tensor()) found.push_back(value.tensor());
    if (value.is(engine::ValueTag::tensors))
      found.insert(found.end(), value.tensors().begin(), value.tensors().end());
    if (value.is(engine::ValueTag::optional_tensors))
      for (const MaybeTensor& each : value.optional_tensors())
        if (each) found.push_back(*each);
  }
  return found;
}

// --- kernels

[[noreturn]] void throw_inside_a_guard() {
  const engine::IncludeKeys guard(DispatchKey::VmapMode);
  throw EngineMachine::Thrown();
}

void change_first_list(std::span<Value> values) {
  for (Value& value : values) {
    if (value.is(engine::ValueTag::tensors) && !value.tensors().empty())
      value.mutable_tensors().front() = program_tensor(DispatchKey::Tracer);
    if (value.is(engine::ValueTag::optional_tensors) && !value.optional_tensors().empty())
      value.mutable_optional_tensors().front() = program_tensor(DispatchKey::Tracer);
  }
}

struct BoxedKernel {
  EngineMachine* machine;
  int number;
  Act act;

  void operator()(const Call& call, Stack& stack) const {
    machine->begins(number);
    if (act == Act::throws) throw_inside_a_guard();
    if ((act == Act::redispatches || act == Act::recalls) && machine->can_go_on(call.keys))
      return go_on(call, stack);
    const std::span<Value> arguments = stack.last(call.schema().arguments.size());
    const std::vector<Tensor> tensors = tensors_of(arguments);
    if (act == Act::writes_list) change_first_list(arguments);
    Tensor result;
    if (!tensors.empty()) result = act == Act::other_tensor ? tensors.back() : tensors.front();
    stack.drop(arguments.size());
    stack.push_back(result);
    if (act == Act::two_results) stack.push_back(result);
  }
  void go_on(const Call& call, Stack& stack) const {
    const EngineMachine::Deeper deeper(*machine);
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
    machine->begins(number);
    if (act == Act::throws) throw_inside_a_guard();
    if (act != Act::returns && machine->can_go_on(call.keys)) {
      const EngineMachine::Deeper deeper(*machine);
      const engine::TypedOperator<R(Args...)> op(&call.entry);
      const DispatchKey layer = call.keys.highest_functionality();
      if (act == Act::redispatches) return op.redispatch(call.keys & KeySet::full_after(layer), args...);
      const engine::ExcludeKeys guard(layer);
      return op.call(args...);
    }
    if constexpr (std::is_reference_v<R>) {
      return first_of(args...);
    } else {
      const Tensor* first = nullptr;
      (note(args, first), ...);
      return first ? *first : Tensor();
    }
  }
  template <class First, class... Rest>
  static First& first_of(First& first, Rest&...) {
    return first;
  }
};

template <class Signature>
struct WithAnother;
template <class R, class... Args>
struct WithAnother<R(Args...)> {
  using Type = R(Args..., int64_t);
};

// The C++ signature of each operator, and its arguments from values.
template <ProgramOp op>
struct SignatureOf;
template <>
struct SignatureOf<ProgramOp::tensor> {
  using Signature = Tensor(const Tensor&);
};
template <>
struct SignatureOf<ProgramOp::optional> {
  using Signature = Tensor(const Tensor&, const MaybeTensor&);
};
template <>
struct SignatureOf<ProgramOp::list> {
  using Signature = Tensor(TensorSpan);
};
template <>
struct SignatureOf<ProgramOp::optional_list> {
  using Signature = Tensor(const Tensor&, OptionalTensorSpan);
};
template <>
struct SignatureOf<ProgramOp::in_place> {
  using Signature = Tensor&(Tensor&, const Tensor&);
};
template <>
struct SignatureOf<ProgramOp::number> {
  using Signature = Tensor(int64_t);
};
template <>
struct SignatureOf<ProgramOp::generator> {
  using Signature = Tensor(const Generator&);
};

template <class Visit>
auto with_signature(ProgramOp op, Visit&& visit) {
  switch (op) {
    case ProgramOp::tensor:
      return visit.template operator()<SignatureOf<ProgramOp::tensor>::Signature>();
    case ProgramOp::optional:
      return visit.template operator()<SignatureOf<ProgramOp::optional>::Signature>();
    case ProgramOp::list:
      return visit.template operator()<SignatureOf<ProgramOp::list>::Signature>();
    case ProgramOp::optional_list:
      return visit.template operator()<SignatureOf<ProgramOp::optional_list>::Signature>();
    case ProgramOp::in_place:
      return visit.template operator()<SignatureOf<ProgramOp::in_place>::Signature>();
    case ProgramOp::number:
      return visit.template operator()<SignatureOf<ProgramOp::number>::Signature>();
    default:
      return visit.template operator()<SignatureOf<ProgramOp::generator>::Signature>();
  }
}

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
  return with_signature(s.op, [&]<class Signature>() {
    if (s.flavour == Flavour::typed)
      return engine::kernel_of(TypedKernel<Signature>{&machine, s.number, s.act});
    return engine::kernel_of(TypedKernel<typename WithAnother<Signature>::Type>{&machine, s.number, s.act});
  });
}

Tensor program_tensor(KeySet keys) {
  return Tensor(engine::make_intrusive<engine::TensorBody>(keys, engine::Storage(), engine::DType::f32,
                                                           engine::Device(engine::DeviceType::cpu),
                                                           engine::Geometry(), 0));
}

std::vector<Value> program_arguments(const Statement& call) {
  using Kind = ProgramArgument::Kind;
  if (call.op == ProgramOp::number) return {Value(0)};
  if (call.op == ProgramOp::generator) {
    if (call.arguments[0].kind == Kind::none) return {Value()};
    return {Value(engine::make_intrusive<engine::GeneratorState>(engine::Device(engine::DeviceType::cpu)))};
  }
  std::vector<MaybeTensor> tensors;
  for (const ProgramArgument& each : call.arguments) {
    if (each.kind == Kind::none) tensors.emplace_back();
    if (each.kind == Kind::undefined) tensors.emplace_back(Tensor());
    if (each.kind == Kind::given) tensors.emplace_back(program_tensor(each.keys));
  }
  std::vector<Value> values;
  const size_t fixed = corpora::fixed_arguments(call.op);
  for (size_t i = 0; i < fixed; ++i) values.emplace_back(tensors[i]);
  if (call.op == ProgramOp::optional_list)
    values.emplace_back(std::vector<MaybeTensor>(tensors.begin() + 1, tensors.end()));
  if (call.op == ProgramOp::list) {
    std::vector<Tensor> list;
    for (const MaybeTensor& each : tensors) list.push_back(*each);
    values.emplace_back(std::move(list));
  }
  return values;
}

Tensor call_typed(const engine::Operator& op, const Statement& call, const std::vector<Value>& arguments) {
  return with_signature(call.op,
                        [&]<class Signature>() { return TypedCall<Signature>::make(op, call, arguments); });
}

}  // namespace oracles
