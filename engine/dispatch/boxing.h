// Boxing: kernels from C++ functions and objects, callable both ways, and boxed kernels called with C++
// types.
//   kernel<&add_cpu>()                 a function known when compiling: costs nothing
//   kernel_of([captured](...) {...})   an object, kept by the kernel
// A first parameter `const Call&` is filled by the dispatcher and is not part of the schema.
// Promises: a boxed call that throws leaves the stack as deep as it was; a boxed kernel that stands in for a
// typed one must give as many results as the signature has, and for a written tensor that very tensor: else
// it is an Error(internal), not a result that only half of the callers see.
#pragma once

#include <array>
#include <typeinfo>
#include <utility>

#include "engine/core/error.h"
#include "engine/dispatch/cpp_types.h"
#include "engine/dispatch/kernel.h"

namespace engine {

template <class T>
inline constexpr bool is_tuple = false;
template <class... T>
inline constexpr bool is_tuple<std::tuple<T...>> = true;

void add_inferred(std::vector<Argument>& arguments, Type type);  // named _0, _1 ...
[[noreturn]] void refuse_result_count(const Call& call, size_t results, size_t wanted);
[[noreturn]] void refuse_other_tensor(const Call& call);

template <class Signature>
struct SignatureOf;
template <class R, class... Args>
struct SignatureOf<R(Args...)> {
  static const char* name() { return typeid(R(*)(Args...)).name(); }
  static Schema infer() {
    Schema schema;
    (add_inferred(schema.arguments, CppTypeOf<Args>::type()), ...);
    add_results(schema.returns, static_cast<std::remove_cvref_t<R>*>(nullptr));
    return schema;
  }
  static void add_results(std::vector<Argument>&, void*) {}
  template <class T>
  static void add_results(std::vector<Argument>& returns, T*) {
    add_inferred(returns, CppType<T>::type());
  }
  template <class... T>
  static void add_results(std::vector<Argument>& returns, std::tuple<T...>*) {
    (add_inferred(returns, CppTypeOf<T>::type()), ...);
  }
};
template <class Signature>
inline const CppSignature signature_of{&SignatureOf<Signature>::name, &SignatureOf<Signature>::infer};

// Results onto the stack, in place of `count` arguments.
template <class R>
[[gnu::always_inline]] inline void replace_arguments(Stack& stack, size_t count, R&& result) {
  if constexpr (is_tuple<std::remove_cvref_t<R>>) {
    std::apply(
        [&](auto&&... each) {
          std::array<Value, sizeof...(each)> values{
              CppTypeOf<decltype(each)>::box(std::forward<decltype(each)>(each))...};
          stack.drop(count);
          for (Value& value : values) stack.push_back(std::move(value));
        },
        std::forward<R>(result));
  } else {
    stack.replace_last(count, CppTypeOf<R>::box(std::forward<R>(result)));
  }
}

// The two faces of one typed kernel. `Invoke::invoke(call, args...)` runs it.
template <class Invoke, class Signature>
struct Faces;
template <class Invoke, class R, class... Args>
struct Faces<Invoke, R(Args...)> {
  static R typed(const Call& call, Args... args) { return Invoke::invoke(call, std::forward<Args>(args)...); }
  static void boxed(const Call& call, Stack& stack) {
    unbox(call, stack, std::index_sequence_for<Args...>());
  }
  template <size_t... I>
  static void unbox(const Call& call, Stack& stack, std::index_sequence<I...>) {
    [[maybe_unused]] const std::span<Value> values = stack.last(sizeof...(Args));
    if constexpr (std::is_void_v<R>) {
      Invoke::invoke(call, CppTypeOf<Args>::from(values[I])...);
      stack.drop(sizeof...(Args));
    } else {
      R result = Invoke::invoke(call, CppTypeOf<Args>::from(values[I])...);
      replace_arguments<R>(stack, sizeof...(Args), std::forward<R>(result));
    }
  }
  static Kernel make(Intrusive<RefCounted> state) {
    return {&boxed, reinterpret_cast<AnyFunction>(&typed), &signature_of<R(Args...)>, KernelKind::ordinary,
            std::move(state)};
  }
};

template <class Function>
struct KernelFunction;
template <class R, class... Args>
struct KernelFunction<R (*)(Args...)> {
  using Signature = R(Args...);
  static constexpr bool takes_call = false;
};
template <class R, class... Args>
struct KernelFunction<R (*)(const Call&, Args...)> {
  using Signature = R(Args...);
  static constexpr bool takes_call = true;
};
template <class Object, class R, class... Args>
struct KernelFunction<R (Object::*)(Args...) const> : KernelFunction<R (*)(Args...)> {};

template <auto function>
struct InvokeFunction {
  template <class... Args>
  static decltype(auto) invoke([[maybe_unused]] const Call& call, Args&&... args) {
    if constexpr (KernelFunction<decltype(function)>::takes_call)
      return function(call, std::forward<Args>(args)...);
    else
      return function(std::forward<Args>(args)...);
  }
};

template <class Object>
struct InvokeObject {
  template <class... Args>
  static decltype(auto) invoke(const Call& call, Args&&... args) {
    const Object& object = static_cast<const SharedBlock<Object>&>(*call.kernel.state).value;
    if constexpr (KernelFunction<decltype(&Object::operator())>::takes_call)
      return object(call, std::forward<Args>(args)...);
    else
      return object(std::forward<Args>(args)...);
  }
};

template <auto function>
Kernel kernel() {
  using Signature = typename KernelFunction<decltype(function)>::Signature;
  return Faces<InvokeFunction<function>, Signature>::make(nullptr);
}

template <class Object>
Kernel kernel_of(Object object) {
  using Signature = typename KernelFunction<decltype(&Object::operator())>::Signature;
  return Faces<InvokeObject<Object>, Signature>::make(make_intrusive<SharedBlock<Object>>(std::move(object)));
}

// A boxed kernel from an object with `void operator()(const Call&, Stack&) const`.
template <class Object>
Kernel boxed_kernel_of(Object object) {
  Kernel kernel = Kernel::from_boxed([](const Call& call, Stack& stack) {
    static_cast<const SharedBlock<Object>&>(*call.kernel.state).value(call, stack);
  });
  kernel.state = make_intrusive<SharedBlock<Object>>(std::move(object));
  return kernel;
}

// The results of a boxed kernel as the type that a typed caller wants.
template <class R, class... Args>
struct ResultsFor {
  static constexpr size_t written_count = (0 + ... + size_t{std::is_same_v<Args, Tensor&>});

  // The tensor that the `index`th of `count` returned references stands for: the last written arguments, in
  // order; the first argument where nothing is written.
  static const Tensor& referred(size_t index, size_t count, std::remove_reference_t<Args>&... args) {
    std::array<const Tensor*, sizeof...(Args) + 1> tensors{};
    size_t found = 0;
    const auto add = [&]<class Arg>(const std::remove_reference_t<Arg>& arg) {
      if constexpr (written_count > 0 ? std::is_same_v<Arg, Tensor&> : std::is_same_v<Arg, const Tensor&>)
        tensors[found++] = &arg;
    };
    (add.template operator()<Args>(args), ...);
    return *tensors[written_count > 0 ? found - count + index : index];
  }

  template <class T>
  static T take(const Call& call, Stack& stack, size_t index, size_t count,
                std::remove_reference_t<Args>&... args) {
    if constexpr (std::is_reference_v<T>) {
      const Tensor& tensor = referred(index, count, args...);
      if (!stack[index].tensor().is_same(tensor)) refuse_other_tensor(call);
      return const_cast<T>(tensor);
    } else if constexpr (std::is_same_v<T, Tensor> || std::is_same_v<T, Value>) {
      return std::move(CppType<T>::from(stack[index]));
    } else {
      return CppType<T>::from(stack[index]);
    }
  }
  template <class... T, size_t... I>
  static R take_tuple(const Call& call, Stack& stack, std::tuple<T...>*, std::index_sequence<I...>,
                      std::remove_reference_t<Args>&... args) {
    return R{take<T>(call, stack, I, sizeof...(T), args...)...};
  }
  static void want(const Call& call, const Stack& stack, size_t count) {
    if (stack.size() != count) refuse_result_count(call, stack.size(), count);
  }

  static R of(const Call& call, Stack& stack, std::remove_reference_t<Args>&... args) {
    if constexpr (std::is_void_v<R>) {
      want(call, stack, 0);
    } else if constexpr (is_tuple<R>) {
      constexpr size_t count = std::tuple_size_v<R>;
      want(call, stack, count);
      return take_tuple(call, stack, static_cast<R*>(nullptr), std::make_index_sequence<count>(), args...);
    } else {
      want(call, stack, 1);
      return take<R>(call, stack, 0, 1, args...);
    }
  }
};

template <class... Args>
Stack stack_of(const Args&... args) {
  Stack stack;
  (stack.push_back(CppTypeOf<Args>::box(args)), ...);
  return stack;
}

// Calls the boxed face of a kernel with C++ arguments.
template <class R, class... Args>
R call_through_stack(const Call& call, std::remove_reference_t<Args>&... args) {
  Stack stack;
  (stack.push_back(CppTypeOf<Args>::box(std::as_const(args))), ...);
  call.kernel.boxed(call, stack);
  return ResultsFor<R, Args...>::of(call, stack, args...);
}

}  // namespace engine
