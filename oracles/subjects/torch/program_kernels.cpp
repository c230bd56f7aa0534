#include "oracles/subjects/torch/program_kernels.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/op_registration/infer_schema.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <utility>

#include "oracles/subjects/torch/program_keys.h"

namespace oracles::aten {

using c10::DispatchKeySet;
using c10::IValue;
using c10::OperatorHandle;
using corpora::Act;
using corpora::Flavour;
using corpora::ProgramOp;
using corpora::Statement;
using torch::jit::Stack;
using MaybeTensor = c10::optional<at::Tensor>;
using MaybeTensors = c10::List<MaybeTensor>;

namespace {

std::vector<int>* recorded = nullptr;  // by the kernels
int depth = 0;

struct Nesting {
  Nesting() { ++depth; }
  ~Nesting() { --depth; }
};

bool can_nest(DispatchKeySet keys) {
  return keys.highestFunctionalityKey() != c10::DispatchKey::Undefined && depth < corpora::calls_deep_max;
}
DispatchKeySet below(DispatchKeySet keys) {
  return keys & DispatchKeySet(DispatchKeySet::FULL_AFTER, keys.highestFunctionalityKey());
}

[[noreturn]] void throw_inside_a_guard() {
  const c10::impl::IncludeDispatchKeyGuard guard(c10::DispatchKey::VmapMode);
  throw KernelThrown();
}

// Adds the tensors of one argument.
void collect(const at::Tensor& tensor, std::vector<at::Tensor>& found) { found.push_back(tensor); }
void collect(const MaybeTensor& tensor, std::vector<at::Tensor>& found) {
  if (tensor) found.push_back(*tensor);
}
void collect(at::TensorList list, std::vector<at::Tensor>& found) {
  for (const at::Tensor& each : list) found.push_back(each);
}
void collect(const MaybeTensors& list, std::vector<at::Tensor>& found) {
  for (size_t i = 0; i < list.size(); ++i) collect(list.get(i), found);
}
void collect(const c10::optional<at::Generator>&, std::vector<at::Tensor>&) {}
void collect(int64_t, std::vector<at::Tensor>&) {}
void collect(const IValue& value, std::vector<at::Tensor>& found) {
  if (value.isTensor()) return collect(value.toTensor(), found);
  if (value.isTensorList())
    for (const at::Tensor& each : value.toTensorVector()) collect(each, found);
  else if (value.isOptionalTensorList())
    collect(value.toOptionalTensorList(), found);
}

// An operator without a definition has no schema, so the name decides.
size_t argument_count(const OperatorHandle& op) {
  for (const ProgramOp each : {ProgramOp::optional, ProgramOp::optional_list, ProgramOp::in_place})
    if (op.operator_name() == program_name(each)) return 2;
  return 1;
}

void change_first(IValue& value) {
  const at::Tensor other = TorchLibrary::tensor(engine::DispatchKey::Tracer);
  if (value.isTensorList()) {
    c10::List<at::Tensor> list = value.toTensorList();
    if (!list.empty()) list.set(0, other);
  } else if (value.isOptionalTensorList()) {
    MaybeTensors list = value.toOptionalTensorList();
    if (!list.empty()) list.set(0, other);
  }
}

void run_boxed(int number, Act act, const OperatorHandle& op, DispatchKeySet keys, Stack* stack) {
  recorded->push_back(number);
  if (act == Act::throws) throw_inside_a_guard();
  if ((act == Act::redispatches || act == Act::recalls) && can_nest(keys)) {
    const Nesting nesting;
    if (act == Act::redispatches) return op.redispatchBoxed(below(keys), stack);
    const c10::impl::ExcludeDispatchKeyGuard guard(keys.highestFunctionalityKey());
    return op.callBoxed(stack);
  }
  const size_t count = argument_count(op);
  std::vector<at::Tensor> tensors;
  for (size_t i = 0; i < count; ++i) collect(stack->at(stack->size() - count + i), tensors);
  if (act == Act::writes_list)
    for (size_t i = 0; i < count; ++i) change_first(stack->at(stack->size() - count + i));
  at::Tensor result;
  if (!tensors.empty()) result = act == Act::other_tensor ? tensors.back() : tensors.front();
  torch::jit::drop(*stack, count);
  stack->emplace_back(result);
  if (act == Act::two_results) stack->emplace_back(result);
}

struct BoxedKernel final : c10::OperatorKernel {
  BoxedKernel(int n, Act a) : number(n), act(a) {}
  void operator()(const OperatorHandle& op, DispatchKeySet keys, Stack* stack) {
    run_boxed(number, act, op, keys, stack);
  }
  int number;
  Act act;
};

template <class Signature>
struct TypedKernel;
template <class R, class... Args>
struct TypedKernel<R(Args...)> final : c10::OperatorKernel {
  TypedKernel(const Statement& s) : number(s.number), act(s.act), op(s.op) {}
  R operator()(DispatchKeySet keys, Args... args) {
    recorded->push_back(number);
    if (act == Act::throws) throw_inside_a_guard();
    if (act != Act::returns && can_nest(keys)) {
      const Nesting nesting;
      const auto typed = c10::Dispatcher::singleton().findOp(program_name(op))->template typed<R(Args...)>();
      if (act == Act::redispatches) return typed.redispatch(below(keys), std::forward<Args>(args)...);
      const c10::impl::ExcludeDispatchKeyGuard guard(keys.highestFunctionalityKey());
      return typed.call(std::forward<Args>(args)...);
    }
    if constexpr (std::is_reference_v<R>) {
      return std::get<0>(std::forward_as_tuple(args...));
    } else {
      std::vector<at::Tensor> tensors;
      (collect(args, tensors), ...);
      return tensors.empty() ? at::Tensor() : tensors.front();
    }
  }
  int number;
  Act act;
  ProgramOp op;
};

template <class Signature>
ProgramKernel typed_kernel(const Statement& s) {
  ProgramKernel made;
  made.function = c10::KernelFunction::makeFromUnboxedFunctor<false, TypedKernel<Signature>>(
      std::make_unique<TypedKernel<Signature>>(s));
  made.signature = c10::impl::CppSignature::make<Signature>();
  made.schema = std::make_unique<c10::FunctionSchema>(c10::inferFunctionSchemaFlattenedReturns<Signature*>());
  return made;
}

// The kernels of fallbacks for aliases, by number.
constexpr size_t alias_fallbacks = 16;
std::array<std::pair<int, Act>, alias_fallbacks> alias_kernels;
template <size_t place>
void run_alias(const OperatorHandle& op, DispatchKeySet keys, Stack* stack) {
  run_boxed(alias_kernels[place].first, alias_kernels[place].second, op, keys, stack);
}
template <size_t... places>
c10::BoxedKernel alias_kernel(size_t place, std::index_sequence<places...>) {
  c10::BoxedKernel made;
  ((places == place ? (made = c10::BoxedKernel::makeFromFunction<&run_alias<places>>(), 0) : 0), ...);
  return made;
}

struct TensorWithKeys final : c10::TensorImpl {
  explicit TensorWithKeys(DispatchKeySet keys)
      : TensorImpl(DispatchKeySet(c10::DispatchKey::CPU), caffe2::TypeMeta::Make<float>(),
                   c10::Device(c10::kCPU)) {
    key_set_ = keys;
  }
};

template <class Signature>
struct TypedCall;
template <class R, class... Args>
struct TypedCall<R(Args...)> {
  static at::Tensor make(const OperatorHandle& op, const Statement& s, std::vector<IValue> values) {
    return make(op, s, values, std::index_sequence_for<Args...>());
  }
  template <class Arg>
  static decltype(auto) as(IValue& value) {
    using Plain = std::decay_t<Arg>;
    if constexpr (std::is_same_v<Plain, at::Tensor>)
      return (value.toTensor());
    else if constexpr (std::is_same_v<Plain, at::TensorList>)
      return value.toTensorVector();
    else
      return value.to<Plain>();
  }
  template <size_t... I>
  static at::Tensor make(const OperatorHandle& op, const Statement& s, std::vector<IValue>& values,
                         std::index_sequence<I...>) {
    const auto typed = op.typed<R(Args...)>();
    const DispatchKeySet keys = c10_keys(s.keys);
    std::tuple<decltype(as<Args>(values[I]))...> arguments(as<Args>(values[I])...);
    if (s.redispatch) return typed.redispatch(keys, std::get<I>(arguments)...);
    return typed.call(std::get<I>(arguments)...);
  }
};

}  // namespace

void record_kernels_in(std::vector<int>* to) {
  recorded = to;
  depth = 0;
}

c10::OperatorName program_name(ProgramOp op) {
  static const std::vector<c10::OperatorName> names = [] {
    std::vector<c10::OperatorName> all;
    for (size_t i = 0; i < corpora::program_op_count; ++i)
      all.emplace_back("program::" + std::string(corpora::name_of(static_cast<ProgramOp>(i))), "");
    return all;
  }();
  return names[static_cast<size_t>(op)];
}

ProgramKernel program_kernel(const Statement& s) {
  ProgramKernel made;
  if (s.act == Act::falls_through) {
    made.function = c10::KernelFunction::makeFallthrough();
  } else if (s.flavour == Flavour::boxed || s.kind == corpora::StatementKind::fallback) {
    made.function = c10::KernelFunction::makeFromBoxedFunctor<BoxedKernel>(
        std::make_unique<BoxedKernel>(s.number, s.act));
  } else {
    return with_signature<TorchLibrary>(s.op, [&]<class Signature>() {
      if (s.flavour == Flavour::typed) return typed_kernel<Signature>(s);
      return typed_kernel<typename WithAnother<Signature>::Type>(s);
    });
  }
  return made;
}

c10::BoxedKernel alias_fallback(const Statement& s) {
  if (s.act == Act::falls_through) return c10::BoxedKernel::makeFallthrough();
  const size_t place = static_cast<size_t>(s.number) % alias_fallbacks;
  alias_kernels[place] = {s.number, s.act};
  return alias_kernel(place, std::make_index_sequence<alias_fallbacks>());
}

at::Tensor TorchLibrary::tensor(engine::KeySet keys) {
  return at::Tensor(c10::make_intrusive<TensorWithKeys>(c10_keys(keys)));
}

IValue TorchLibrary::generator() { return at::detail::createCPUGenerator(); }

at::Tensor call_typed(const OperatorHandle& op, const Statement& s, const std::vector<IValue>& arguments) {
  return with_signature<TorchLibrary>(
      s.op, [&]<class Signature>() { return TypedCall<Signature>::make(op, s, arguments); });
}

}  // namespace oracles::aten
