// Boxing: makes kernels of C++ functions and function objects, callable with a stack and with C++ types, and
// calls boxed kernels with C++ types.
//   kernel<&add_cpu>()                 of a function: no cost at run time
//   kernel_of([captured](...) {...})   of a function object, which the kernel owns
// The dispatcher fills a first parameter `const Call&`; it is not part of the schema.
// Promises: a boxed call that throws leaves the depth of the stack unchanged. Refuses, with Error(internal),
// a boxed kernel that a typed call reaches and that returns a wrong number of results, or a tensor other than
// the one that it should write: otherwise typed and boxed callers would see different results.
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

[[noreturn]] void refuse_result_count(const Call& call, size_t results, size_t expected);
[[noreturn]] void refuse_other_tensor(const Call& call);

template <class Signature>
struct SignatureOf;
template <class R, class... Args>
struct SignatureOf<R(Args...)> {
  static const char* name() { return typeid(R(*)(Args...)).name(); }
  static SignatureTypes types() {
    return {{CppTypeOf<Args>::type()...}, results(static_cast<std::remove_cvref_t<R>*>(nullptr))};
  }
  static std::vector<Type> results(void*) { return {}; }
  template <class T>
  static std::vector<Type> results(T*) {
    return {CppType<T>::type()};
  }
  template <class... T>
  static std::vector<Type> results(std::tuple<T...>*) {
    return {CppTypeOf<T>::type()...};
  }
};
template <class Signature>
inline const CppSignature signature_of{&SignatureOf<Signature>::name, &SignatureOf<Signature>::types};

// Replaces `count` arguments on the stack by the results.
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

// The typed and the boxed function of one kernel. `Invoke::invoke(call, args...)` runs it.
template <class Invoke, class Signature>
struct KernelFunctions;
template <class Invoke, class R, class... Args>
struct KernelFunctions<Invoke, R(Args...)> {
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
  return KernelFunctions<InvokeFunction<function>, Signature>::make(nullptr);
}

template <class Object>
Kernel kernel_of(Object object) {
  using Signature = typename KernelFunction<decltype(&Object::operator())>::Signature;
  return KernelFunctions<InvokeObject<Object>, Signature>::make(
      make_intrusive<SharedBlock<Object>>(std::move(object)));
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

// The results of a boxed kernel as the result type of a typed call.
template <class R, class... Args>
struct ResultsFor {
  static constexpr size_t written_count = (0 + ... + size_t{std::is_same_v<Args, Tensor&>});

  // The argument that the `index`th of `count` returned references refers to. References refer to the last
  // written arguments, in order; if no argument is written, to the first argument.
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
  static void check_count(const Call& call, const Stack& stack, size_t count) {
    if (stack.size() != count) refuse_result_count(call, stack.size(), count);
  }

  static R of(const Call& call, Stack& stack, std::remove_reference_t<Args>&... args) {
    if constexpr (std::is_void_v<R>) {
      check_count(call, stack, 0);
    } else if constexpr (is_tuple<R>) {
      constexpr size_t count = std::tuple_size_v<R>;
      check_count(call, stack, count);
      return take_tuple(call, stack, static_cast<R*>(nullptr), std::make_index_sequence<count>(), args...);
    } else {
      check_count(call, stack, 1);
      return take<R>(call, stack, 0, 1, args...);
    }
  }
};

// Calls the boxed function of a kernel with C++ arguments.
template <class R, class... Args>
R call_through_stack(const Call& call, std::remove_reference_t<Args>&... args) {
  Stack stack;
  (stack.push_back(CppTypeOf<Args>::box(std::as_const(args))), ...);
  call.kernel.boxed(call, stack);
  return ResultsFor<R, Args...>::of(call, stack, args...);
}

}  // namespace engine
