#include "oracles/subjects/engine/engine_typed.h"

#include <array>

#include "engine/dispatch/signature_check.h"

namespace oracles {

namespace {

using engine::IntSpan;
using engine::Operator;
using engine::Scalar;
using engine::Stack;
using engine::Tensor;
using engine::TensorSpan;
using std::optional;

template <class Signature>
struct Typed;

template <class R, class... Args>
struct Typed<R(Args...)> {
  // The types match the schema, and `Tensor&` the written arguments.
  static bool serves(const engine::Schema& schema) {
    if (!engine::signature_fault(schema, engine::signature_of<R(Args...)>).empty()) return false;
    constexpr std::array<bool, sizeof...(Args)> written{std::is_same_v<Args, Tensor&>...};
    for (size_t i = 0; i < written.size(); ++i)
      if (schema.arguments[i].is_write() != written[i]) return false;
    return true;
  }

  static void call(const Operator& op, Stack& stack) { unbox(op, stack, std::index_sequence_for<Args...>()); }

  template <size_t... I>
  static void unbox(const Operator& op, Stack& stack, std::index_sequence<I...>) {
    const std::span<engine::Value> values = stack.last(sizeof...(Args));
    R result = op.typed<R(Args...)>().call(engine::CppTypeOf<Args>::from(values[I])...);
    engine::replace_arguments<R>(stack, sizeof...(Args), std::forward<R>(result));
  }
};

struct Listed {
  bool (*serves)(const engine::Schema&);
  TypedEngineCall call;
};

template <class... Signature>
constexpr auto listed() {
  return std::array<Listed, sizeof...(Signature)>{{{&Typed<Signature>::serves, &Typed<Signature>::call}...}};
}

// The most common ones: each signature costs code, and the rest would add little to the test.
constexpr auto signatures = listed<
    Tensor(const Tensor&), Tensor&(Tensor&), Tensor&(const Tensor&, Tensor&),
    Tensor(const Tensor&, const Tensor&), Tensor&(Tensor&, const Tensor&),
    Tensor&(const Tensor&, const Tensor&, Tensor&), Tensor(const Tensor&, const Tensor&, const Scalar&),
    Tensor&(Tensor&, const Tensor&, const Scalar&),
    Tensor&(const Tensor&, const Tensor&, const Scalar&, Tensor&), Tensor(const Tensor&, const Scalar&),
    Tensor&(Tensor&, const Scalar&), Tensor(const Tensor&, int64_t), Tensor(const Tensor&, int64_t, int64_t),
    Tensor(const Tensor&, int64_t, bool), Tensor(const Tensor&, IntSpan),
    Tensor(const Tensor&, IntSpan, bool), Tensor(TensorSpan, int64_t),
    Tensor(const Tensor&, const Tensor&, const Tensor&), Tensor&(Tensor&, const Tensor&, bool)>();

}  // namespace

TypedEngineCall typed_call_of(const Operator& op) {
  for (const Listed& each : signatures)
    if (each.serves(op.schema())) return each.call;
  return nullptr;
}

}  // namespace oracles
