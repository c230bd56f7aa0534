// The functors of engine/kernels/functors as C: what c_source.h writes for each of them. A row computes what
// its functor computes, from the same operations in the same order.
#pragma once

#include <string_view>

namespace engine::fuser {

// The bodies of functions of a, b, c, d. T is the type, and # is the suffix of functions of the C library:
// "f" for float. Null: the functor does not take these types.
struct CFunctor {
  const void* functor;
  std::string_view name;
  const char *integers, *reals;
};

const CFunctor* c_functor(const void* functor);  // nullptr: there is no row

}  // namespace engine::fuser
