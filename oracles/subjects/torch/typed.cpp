#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/ATen.h>
#include <ATen/core/boxing/impl/make_boxed_from_unboxed_functor.h>

#include <unordered_map>
#include <utility>

#include "oracles/subjects/torch/signatures.h"
#include "oracles/subjects/torch/typed.h"
#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

namespace {

// The schema's word for a C++ type, so that a schema and a signature can be looked up by the same text.
template <class T>
struct Word;
#define WORD(TYPE, TEXT)                                            \
  template <>                                                       \
  struct Word<TYPE> {                                               \
    [[maybe_unused]] static constexpr std::string_view text = TEXT; \
  }
WORD(void, "");
WORD(at::Tensor, "Tensor");
WORD(const at::Tensor&, "Tensor");
WORD(at::Tensor&, "Tensor!");
WORD(const c10::optional<at::Tensor>&, "Tensor?");
WORD(at::TensorList, "Tensor[]");
WORD(const at::ITensorListRef&, "Tensor[]");
WORD(std::vector<at::Tensor>, "Tensor[]");
WORD(const c10::List<c10::optional<at::Tensor>>&, "Tensor?[]");
WORD(int64_t, "int");
WORD(c10::SymInt, "SymInt");
WORD(at::IntArrayRef, "int[]");
WORD(c10::SymIntArrayRef, "SymInt[]");
WORD(at::OptionalIntArrayRef, "int[]?");
WORD(at::OptionalSymIntArrayRef, "SymInt[]?");
WORD(c10::optional<int64_t>, "int?");
WORD(double, "float");
WORD(c10::optional<double>, "float?");
WORD(at::ArrayRef<double>, "float[]");
WORD(c10::optional<at::ArrayRef<double>>, "float[]?");
WORD(bool, "bool");
WORD(c10::optional<bool>, "bool?");
WORD(const at::Scalar&, "Scalar");
WORD(const c10::optional<at::Scalar>&, "Scalar?");
WORD(at::ArrayRef<at::Scalar>, "Scalar[]");
WORD(c10::optional<at::ScalarType>, "ScalarType?");
WORD(c10::optional<at::Layout>, "Layout?");
WORD(c10::optional<at::Device>, "Device?");
WORD(c10::optional<at::MemoryFormat>, "MemoryFormat?");
WORD(c10::optional<at::Generator>, "Generator?");
WORD(c10::string_view, "str");
WORD(c10::optional<c10::string_view>, "str?");
WORD(Dimname, "Dimname");
#undef WORD

template <class... Elements>
struct Word<std::tuple<Elements...>> {
  static std::string made() {
    std::string text;
    ((text += text.empty() ? "" : ",", text += Word<Elements>::text), ...);
    return text;
  }
};

template <class R, class... A>
std::string key_of_signature() {
  std::string key;
  if constexpr (requires { Word<R>::text; }) {
    key = Word<R>::text;
  } else {
    key = Word<R>::made();
  }
  key += '(';
  ((key += Word<A>::text, key += ','), ...);
  return key;
}

template <class Signature>
struct Typed;

template <class R, class... A>
struct Typed<R(A...)> {
  template <class T>
  static decltype(auto) unboxed(c10::IValue& value) {
    return c10::impl::ivalue_to_arg<typename c10::impl::decay_if_not_tensor<T>::type, false>::call(value);
  }

  template <size_t... I>
  static torch::jit::Stack made(const c10::OperatorHandle& handle, c10::IValue* arguments,
                                std::index_sequence<I...>) {
    torch::jit::Stack results;
    const auto typed = handle.typed<R(A...)>();
    if constexpr (std::is_void_v<R>) {
      typed.call(unboxed<A>(arguments[I])...);
    } else {
      c10::impl::push_outputs<R, false>::call(typed.call(unboxed<A>(arguments[I])...), &results);
    }
    return results;
  }

  static void call(const c10::OperatorHandle& handle, torch::jit::Stack& stack) {
    constexpr size_t count = sizeof...(A);
    torch::jit::Stack results =
        made(handle, stack.data() + (stack.size() - count), std::index_sequence_for<A...>());
    torch::jit::drop(stack, count);
    for (c10::IValue& result : results) stack.push_back(std::move(result));
  }

  // libtorch compares the signature with the one that the operator was registered with.
  static bool serves(const c10::OperatorHandle& handle) {
    try {
      (void)handle.typed<R(A...)>();
      return true;
    } catch (const c10::Error&) {
      return false;
    }
  }

  static std::string key() { return key_of_signature<R, A...>(); }
};

struct Listed {
  TypedCall call;
  bool (*serves)(const c10::OperatorHandle& handle);
};
using Table = std::unordered_map<std::string, std::vector<Listed>>;

template <class... Signature>
void add_all(Table& table, Signatures<Signature...>) {
  (table[Typed<Signature>::key()].push_back({&Typed<Signature>::call, &Typed<Signature>::serves}), ...);
}

Table all_listed() {
  Table table;
  add_all(table, listed::All());
  add_all(table, listed::WithDimensionNames());
  return table;
}

std::string word_of(const engine::Argument& argument) {
  engine::Type type = argument.type;
  for (engine::Type* at = &type;; at = &at->elements.front()) {
    at->fixed_size.reset();
    if (at->kind != engine::TypeKind::list && at->kind != engine::TypeKind::optional) break;
  }
  std::string word = engine::to_string(type);
  if (word == "Tensor" && argument.is_write()) word += '!';
  return word;
}

std::string key_of(const engine::Schema& schema) {
  std::string key;
  for (const engine::Argument& result : schema.returns) {
    if (!key.empty()) key += ',';
    key += word_of(result);
  }
  key += '(';
  for (const engine::Argument& argument : schema.arguments) {
    key += word_of(argument);
    key += ',';
  }
  return key;
}

}  // namespace

TypedCall typed_call_of(const c10::OperatorHandle& handle, const engine::Schema& schema) {
  static const Table table = all_listed();
  const auto found = table.find(key_of(schema));
  if (found == table.end()) return nullptr;
  for (const Listed& listed : found->second)
    if (listed.serves(handle)) return listed.call;
  return nullptr;
}

}  // namespace oracles::aten
