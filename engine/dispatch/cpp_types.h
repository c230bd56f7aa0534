// The C++ types of typed kernels' arguments and results. CppType<T> converts T to and from a Value, gives the
// keys that a T adds to a call, and the schema type that T corresponds to. Kernels may take these types by
// value or by const reference, and tensors that they write as Tensor&.
#pragma once

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>

#include "engine/core/stack.h"
#include "engine/dispatch/schema.h"

namespace engine {

template <class T>
struct CppType;

// Bases of the specialisations. `from` reads a value, without a copy where it can; `box` makes a value.
struct NoKeys {
  template <class T>
  static KeySet keys(const T&) {
    return {};
  }
};
struct BoxAsIs {
  template <class T>
  static Value box(T&& value) {
    return Value(std::forward<T>(value));
  }
};

#define ENGINE_PLAIN_TYPE(cpp_type, kind, getter)                       \
  template <>                                                           \
  struct CppType<cpp_type> : NoKeys, BoxAsIs {                          \
    static Type type() { return Type{TypeKind::kind}; }                 \
    static cpp_type from(const Value& value) { return value.getter(); } \
  };
ENGINE_PLAIN_TYPE(int64_t, integer, integer)
ENGINE_PLAIN_TYPE(double, real, real)
ENGINE_PLAIN_TYPE(bool, boolean, boolean)
ENGINE_PLAIN_TYPE(std::complex<double>, complex, complex)
ENGINE_PLAIN_TYPE(Scalar, number, scalar)
ENGINE_PLAIN_TYPE(std::string_view, string, string)
ENGINE_PLAIN_TYPE(std::string, string, string)
ENGINE_PLAIN_TYPE(Device, device, device)
ENGINE_PLAIN_TYPE(DType, scalar_type, dtype)
ENGINE_PLAIN_TYPE(Layout, layout, layout)
ENGINE_PLAIN_TYPE(MemoryFormat, memory_format, memory_format)
ENGINE_PLAIN_TYPE(Storage, storage, storage)
#undef ENGINE_PLAIN_TYPE

template <>
struct CppType<Tensor> : BoxAsIs {
  static Type type() { return Type{TypeKind::tensor}; }
  static const Tensor& from(const Value& value) { return value.tensor(); }
  static Tensor& from(Value& value) { return value.tensor(); }
  static KeySet keys(const Tensor& tensor) { return tensor.keys(); }
};

// A null generator is None.
template <>
struct CppType<Generator> : BoxAsIs {
  static Type type() { return Type{TypeKind::generator}; }
  static Generator from(const Value& value) { return value.is_none() ? Generator() : value.generator(); }
  static KeySet keys(const Generator& generator) { return generator ? generator->keys() : KeySet(); }
};

// Any type of the schema.
template <>
struct CppType<Value> : BoxAsIs {
  static Type type() { return Type{TypeKind::any}; }
  static const Value& from(const Value& value) { return value; }  // NOLINT: the value outlives the call
  static KeySet keys(const Value& value) { return value.keys(); }
};

template <class T>
struct CppType<std::optional<T>> {
  static Type type() { return Type{TypeKind::optional, {CppType<T>::type()}}; }
  static std::optional<T> from(const Value& value) {
    if (value.is_none()) return std::nullopt;
    return std::optional<T>(CppType<T>::from(value));
  }
  static Value box(const std::optional<T>& held) { return held ? CppType<T>::box(*held) : Value(); }
  static KeySet keys(const std::optional<T>& held) { return held ? CppType<T>::keys(*held) : KeySet(); }
};

// Lists: spans as arguments, vectors as results.
template <class Span, class Element, TypeKind kind, auto getter>
struct CppList {
  static Type type() { return Type{TypeKind::list, {Type{kind}}}; }
  static Span from(const Value& value) { return Span((value.*getter)()); }
  static Value box(const Span& span) { return Value(std::vector<Element>(span.begin(), span.end())); }
  static Value box(std::vector<Element>&& list) { return Value(std::move(list)); }
  static KeySet keys(const Span& span) {
    KeySet keys;
    if constexpr (requires(Element e) { CppType<Element>::keys(e); })
      for (const Element& element : span) keys |= CppType<Element>::keys(element);
    return keys;
  }
};
template <>
struct CppType<IntSpan> : CppList<IntSpan, int64_t, TypeKind::integer, &Value::integers> {};
template <>
struct CppType<RealSpan> : CppList<RealSpan, double, TypeKind::real, &Value::reals> {};
template <>
struct CppType<BoolSpan> : CppList<BoolSpan, uint8_t, TypeKind::boolean, &Value::booleans> {
  static KeySet keys(const BoolSpan&) { return {}; }
};
template <>
struct CppType<TensorSpan> : CppList<TensorSpan, Tensor, TypeKind::tensor, &Value::tensors> {};
template <>
struct CppType<ValueSpan> : CppList<ValueSpan, Value, TypeKind::any, &Value::values> {};
template <>
struct CppType<OptionalTensorSpan>
    : CppList<OptionalTensorSpan, std::optional<Tensor>, TypeKind::tensor, &Value::optional_tensors> {
  static Type type() { return Type{TypeKind::list, {CppType<std::optional<Tensor>>::type()}}; }
};
// Results only.
template <class Span>
struct CppOwnedList : CppType<Span> {
  static auto from(const Value& value) {
    const Span span = CppType<Span>::from(value);
    return std::vector<typename Span::value_type>(span.begin(), span.end());
  }
};
template <class T>
struct CppType<std::vector<T>> : CppOwnedList<std::span<const T>> {};
template <>
struct CppType<std::vector<int64_t>> : CppOwnedList<IntSpan> {};

template <class Arg>
using CppTypeOf = CppType<std::remove_cvref_t<Arg>>;

// The keys that arguments add to a call.
template <class... Args>
KeySet keys_of(const Args&... args) {
  return (KeySet() | ... | CppTypeOf<Args>::keys(args));
}

}  // namespace engine
