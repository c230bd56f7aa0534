// The operators of dispatch programs in a library's types: their C++ signatures, and the arguments of a call.
//
// A Library names the types Tensor, MaybeTensor, Value, and, as kernels take them, Tensors, MaybeTensors and
// Generator. It has
//   static Tensor tensor(engine::KeySet)   a tensor without elements that has these keys
//   static Value generator()
#pragma once

#include <vector>

#include "corpora/case/program.h"

namespace oracles {

template <class Library, class Visit>
auto with_signature(corpora::ProgramOp op, Visit&& visit) {
  using corpora::ProgramOp;
  using Tensor = typename Library::Tensor;
  switch (op) {
    case ProgramOp::tensor:
      return visit.template operator()<Tensor(const Tensor&)>();
    case ProgramOp::optional:
      return visit.template operator()<Tensor(const Tensor&, const typename Library::MaybeTensor&)>();
    case ProgramOp::list:
      return visit.template operator()<Tensor(typename Library::Tensors)>();
    case ProgramOp::optional_list:
      return visit.template operator()<Tensor(const Tensor&, typename Library::MaybeTensors)>();
    case ProgramOp::in_place:
      return visit.template operator()<Tensor&(Tensor&, const Tensor&)>();
    case ProgramOp::number:
      return visit.template operator()<Tensor(int64_t)>();
    default:
      return visit.template operator()<Tensor(typename Library::Generator)>();
  }
}

// The signature of a kernel that does not fit its operator.
template <class Signature>
struct WithAnother;
template <class R, class... Args>
struct WithAnother<R(Args...)> {
  using Type = R(Args..., int64_t);
};

// Lists are values of their own, which no other value shares.
template <class Library>
std::vector<typename Library::Value> program_arguments(const corpora::Statement& call) {
  using corpora::ProgramOp;
  using Kind = corpora::ProgramArgument::Kind;
  using Tensor = typename Library::Tensor;
  using MaybeTensor = typename Library::MaybeTensor;
  using Value = typename Library::Value;
  if (call.op == ProgramOp::number) return {Value(0)};
  if (call.op == ProgramOp::generator)
    return {call.arguments[0].kind == Kind::none ? Value() : Library::generator()};
  std::vector<MaybeTensor> tensors;
  for (const corpora::ProgramArgument& each : call.arguments) {
    if (each.kind == Kind::none) tensors.emplace_back();
    if (each.kind == Kind::undefined) tensors.emplace_back(Tensor());
    if (each.kind == Kind::given) tensors.emplace_back(Library::tensor(each.keys));
  }
  const auto elements = tensors.begin() + static_cast<std::ptrdiff_t>(corpora::fixed_arguments(call.op));
  std::vector<Value> values(tensors.begin(), elements);
  if (call.op == ProgramOp::optional_list)
    values.emplace_back(std::vector<MaybeTensor>(elements, tensors.end()));
  if (call.op == ProgramOp::list) {
    std::vector<Tensor> list;
    for (const MaybeTensor& each : tensors) list.push_back(*each);
    values.emplace_back(std::move(list));
  }
  return values;
}

}  // namespace oracles
