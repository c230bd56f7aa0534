// The C++ types that typed kernels take and give, how each crosses to and from a Value, what each contributes
// to a call's keys, and which schema type it stands for. One specialisation of CppType for each type; kernels
// may take them by value or by const reference, and tensors they write as Tensor&.
#pragma once

#include <concepts>
#include <string>
#include <tuple>
#include <type_traits>

#include "engine/core/stack.h"
#include "engine/dispatch/schema.h"

namespace engine {

inline Type plain_type(TypeKind kind) {
  Type type;
  type.kind = kind;
  return type;
}
inline Type type_of_one(TypeKind kind, Type element) {
  Type type;
  type.kind = kind;
  type.elements.push_back(std::move(element));
  return type;
}

template <class T>
struct CppType;

// What all types share: `from` reads a value where it stands, `box` makes one.
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
    static Type type() { return plain_type(TypeKind::kind); }           \
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
  static Type type() { return plain_type(TypeKind::tensor); }
  static const Tensor& from(const Value& value) { return value.tensor(); }
  static Tensor& from(Value& value) { return value.tensor(); }
  static KeySet keys(const Tensor& tensor) { return tensor.keys(); }
};

// None is no generator.
template <>
struct CppType<Generator> : BoxAsIs {
  static Type type() { return plain_type(TypeKind::generator); }
  static Generator from(const Value& value) { return value.is_none() ? Generator() : value.generator(); }
  static KeySet keys(const Generator& generator) { return generator ? generator->keys() : KeySet(); }
};

// Any type of the schema.
template <>
struct CppType<Value> : BoxAsIs {
  static Type type() { return plain_type(TypeKind::any); }
  static const Value& from(const Value& value) { return value; }  // NOLINT: stands on the stack
  static KeySet keys(const Value& value) { return value.keys(); }
};

template <class T>
struct CppType<std::optional<T>> {
  static Type type() { return type_of_one(TypeKind::optional, CppType<T>::type()); }
  static std::optional<T> from(const Value& value) {
    if (value.is_none()) return std::nullopt;
    return std::optional<T>(CppType<T>::from(value));
  }
  static Value box(const std::optional<T>& held) { return held ? CppType<T>::box(*held) : Value(); }
  static KeySet keys(const std::optional<T>& held) { return held ? CppType<T>::keys(*held) : KeySet(); }
};

// Lists: taken as spans, given as vectors.
template <class Span, class Element, TypeKind kind, auto getter>
struct CppList {
  static Type type() { return type_of_one(TypeKind::list, plain_type(kind)); }
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
  static Type type() { return type_of_one(TypeKind::list, CppType<std::optional<Tensor>>::type()); }
};
// Results only: a vector is what its span is, owned.
template <class Span>
struct CppOwnedList : CppType<Span> {
  static auto from(const Value& value) {
    const Span span = CppType<Span>::from(value);
    return std::vector<typename Span::value_type>(span.begin(), span.end());
  }
};
template <>
struct CppType<std::vector<int64_t>> : CppOwnedList<IntSpan> {};
template <>
struct CppType<std::vector<double>> : CppOwnedList<RealSpan> {};
template <>
struct CppType<std::vector<uint8_t>> : CppOwnedList<BoolSpan> {};
template <>
struct CppType<std::vector<Tensor>> : CppOwnedList<TensorSpan> {};
template <>
struct CppType<std::vector<std::optional<Tensor>>> : CppOwnedList<OptionalTensorSpan> {};
template <>
struct CppType<std::vector<Value>> : CppOwnedList<ValueSpan> {};

template <class Arg>
using CppTypeOf = CppType<std::remove_cvref_t<Arg>>;

// The keys that arguments contribute, by their C++ types.
template <class... Args>
KeySet keys_of(const Args&... args) {
  return (KeySet() | ... | CppTypeOf<Args>::keys(args));
}

}  // namespace engine
