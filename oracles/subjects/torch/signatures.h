// The C++ signatures of libtorch's operators and of its users' libraries, most common first.
#pragma once

#include <ATen/core/IListRef.h>
#include <ATen/core/List.h>
#include <ATen/core/Tensor.h>

#include "oracles/subjects/torch/version.h"

namespace oracles::aten {

template <class... Signature>
struct Signatures {};

namespace listed {

using namespace at;
using c10::Layout;
using c10::List;
using c10::optional;
using c10::string_view;
using c10::SymInt;
using c10::SymIntArrayRef;
using std::array;
using std::tuple;
using std::vector;

using All = Signatures<
    Tensor(const Tensor&), Tensor&(const Tensor&, Tensor&), Tensor(const Tensor&, const Tensor&),
    Tensor&(const Tensor&, const Tensor&, Tensor&), Tensor&(Tensor&), Tensor(const Tensor&, const Scalar&),
    Tensor&(Tensor&, const Tensor&), Tensor&(const Tensor&, const Scalar&, Tensor&),
    Tensor&(Tensor&, const Scalar&), vector<Tensor>(TensorList), void(TensorList, TensorList),
    void(TensorList), Tensor(const Tensor&, int64_t), Tensor(const Tensor&, IntArrayRef),
    Tensor(const Scalar&, const Tensor&), Tensor&(const Scalar&, const Tensor&, Tensor&),
    Tensor&(const Tensor&, int64_t, Tensor&), Tensor&(const Tensor&, IntArrayRef, Tensor&),
    Tensor(const Tensor&, bool), Tensor(const Tensor&, int64_t, int64_t),
    Tensor(const Tensor&, const Tensor&, int64_t), Tensor(const Tensor&, const Tensor&, const Scalar&),
    bool(const Tensor&), Tensor(const Tensor&, const Tensor&, const Tensor&),
    Tensor&(const Tensor&, const Tensor&, const Scalar&, Tensor&), Tensor(const Tensor&, const Tensor&, bool),
    Tensor&(const Tensor&, const Tensor&, bool, Tensor&), int64_t(const Tensor&),
    Tensor(const Tensor&, const Tensor&, const Tensor&, IntArrayRef, optional<ScalarType>, optional<Layout>,
           optional<Device>, optional<bool>),
    Tensor(TensorList), Tensor(const Tensor&, const Scalar&, const Scalar&),
    Tensor(const Tensor&, int64_t, bool), Tensor&(const Tensor&, const Tensor&, const Tensor&, Tensor&),
    Tensor&(const Tensor&, SymIntArrayRef, Tensor&), Tensor&(const Tensor&, const Tensor&, int64_t, Tensor&),
    Tensor(const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, IntArrayRef, bool),
    Tensor(const Tensor&, int64_t, int64_t, int64_t), Tensor&(Tensor&, int64_t),
    Tensor(const Tensor&, const Tensor&, const Tensor&, const Scalar&, const Scalar&),
    Tensor&(const Tensor&, const Tensor&, const Tensor&, const Scalar&, const Scalar&, Tensor&),
    Tensor(const Tensor&, int64_t, optional<ScalarType>), Tensor(const Tensor&, const Tensor&, IntArrayRef),
    Tensor&(const Tensor&, const Tensor&, IntArrayRef, Tensor&), Tensor(const Tensor&, IntArrayRef, bool),
    Tensor&(TensorList, Tensor&), Tensor(const Tensor&, SymIntArrayRef),
    Tensor&(const Tensor&, const Scalar&, const Scalar&, Tensor&), tuple<Tensor, Tensor>(const Tensor&),
    tuple<Tensor, Tensor>(const Tensor&, int64_t, bool),
    tuple<Tensor&, Tensor&>(const Tensor&, int64_t, bool, Tensor&, Tensor&),
    tuple<Tensor&, Tensor&>(const Tensor&, Tensor&, Tensor&), Tensor&(const Tensor&, int64_t, bool, Tensor&),
    Tensor(const Tensor&, const Tensor&, const optional<Tensor>&, IntArrayRef, IntArrayRef, IntArrayRef,
           int64_t),
    Tensor&(const Tensor&, IntArrayRef, bool, Tensor&),
    Tensor(int64_t, optional<ScalarType>, optional<Layout>, optional<Device>, optional<bool>),
    Tensor&(int64_t, Tensor&), Tensor&(Tensor&, const Scalar&, const Scalar&),
    Tensor&(Tensor&, const Tensor&, const Scalar&), bool(const Tensor&, const Tensor&),
    Tensor(const Tensor&, const Tensor&, const Tensor&, int64_t), Tensor(const Tensor&, optional<ScalarType>),
    Tensor(const Tensor&, OptionalSymIntArrayRef, bool, optional<ArrayRef<double>>),
    Tensor&(const Tensor&, OptionalSymIntArrayRef, bool, optional<ArrayRef<double>>, Tensor&),
    Tensor(const Tensor&, OptionalSymIntArrayRef, SymIntArrayRef, bool, optional<ArrayRef<double>>),
    Tensor&(const Tensor&, OptionalSymIntArrayRef, SymIntArrayRef, bool, optional<ArrayRef<double>>, Tensor&),
    Tensor(const Tensor&, OptionalSymIntArrayRef, optional<ArrayRef<double>>),
    Tensor&(const Tensor&, OptionalSymIntArrayRef, optional<ArrayRef<double>>, Tensor&),
    Tensor(const Tensor&, OptionalSymIntArrayRef, SymIntArrayRef, optional<ArrayRef<double>>),
    Tensor&(const Tensor&, OptionalSymIntArrayRef, SymIntArrayRef, optional<ArrayRef<double>>, Tensor&),
    Tensor(const Tensor&, double, bool), vector<Tensor>(const Tensor&, int64_t, int64_t),
    Tensor&(const Tensor&, optional<MemoryFormat>, Tensor&),
    Tensor(const Tensor&, optional<int64_t>, int64_t, optional<string_view>),
    Tensor&(const Tensor&, optional<int64_t>, int64_t, optional<string_view>, Tensor&),
    Tensor(const Tensor&, OptionalIntArrayRef, IntArrayRef, optional<string_view>),
    Tensor&(const Tensor&, OptionalIntArrayRef, IntArrayRef, optional<string_view>, Tensor&),
    Tensor(const Tensor&, OptionalIntArrayRef, OptionalIntArrayRef, optional<string_view>),
    Tensor&(const Tensor&, OptionalIntArrayRef, OptionalIntArrayRef, optional<string_view>, Tensor&),
    vector<Tensor>(const Tensor&, IntArrayRef, int64_t), tuple<Tensor, Tensor>(const Tensor&, bool),
    Tensor&(const Tensor&, bool, Tensor&), vector<Tensor>(TensorList, const Scalar&),
    void(TensorList, const Scalar&, TensorList), Tensor(const Tensor&, int64_t, const Tensor&, const Tensor&),
    Tensor(const Tensor&, const Tensor&, int64_t, int64_t, bool),
    Tensor&(const Tensor&, const Tensor&, const Tensor&, int64_t, Tensor&),
    Tensor&(const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, IntArrayRef, bool, Tensor&),
    Tensor(const Tensor&, optional<Generator>), Tensor&(const Tensor&, optional<Generator>, Tensor&),
    Tensor(TensorList, int64_t), Tensor&(TensorList, int64_t, Tensor&),
    Tensor&(Tensor&, const Tensor&, const Tensor&, const Scalar&, const Scalar&),
    Tensor(int64_t, bool, optional<ScalarType>, optional<Layout>, optional<Device>, optional<bool>),
    Tensor&(int64_t, bool, Tensor&), vector<Tensor>(const Tensor&, int64_t),
    Tensor(const Tensor&, optional<ScalarType>, optional<Layout>, optional<Device>, optional<bool>,
           optional<MemoryFormat>),
    Tensor(const Tensor&, const Tensor&, const Tensor&, optional<ScalarType>, optional<Layout>,
           optional<Device>, optional<bool>),
    Tensor(const Tensor&, const Tensor&, IntArrayRef, const optional<Tensor>&, IntArrayRef, IntArrayRef,
           IntArrayRef),
    Tensor&(const Tensor&, const Tensor&, IntArrayRef, const optional<Tensor>&, IntArrayRef, IntArrayRef,
            IntArrayRef, Tensor&),
    Tensor(const Tensor&, const Tensor&, const optional<Tensor>&, IntArrayRef, string_view, IntArrayRef,
           int64_t),
    Tensor(IntArrayRef, optional<ScalarType>, optional<Layout>, optional<Device>, optional<bool>),
    Tensor&(IntArrayRef, Tensor&), vector<Tensor>(TensorList, ArrayRef<Scalar>),
    void(TensorList, ArrayRef<Scalar>, TensorList), void(TensorList, const Scalar&),
    void(TensorList, ArrayRef<Scalar>), vector<Tensor>(TensorList, TensorList), Tensor(Tensor),
    Tensor(Tensor, Tensor), Tensor(Tensor, double), Tensor(Tensor, int64_t), Tensor(Tensor, Tensor, Tensor),
    Tensor(const Tensor&, double), Tensor&(Tensor&, double), Tensor(const Tensor&, const Tensor&, double),
    Tensor(const ITensorListRef&), Tensor(const ITensorListRef&, int64_t),
    Tensor&(const ITensorListRef&, int64_t, Tensor&), tuple<Tensor, Tensor>(const Tensor&, const Tensor&),
    tuple<Tensor, Tensor, Tensor>(const Tensor&, const Tensor&, const Tensor&),
    Tensor(const Tensor&, const optional<Tensor>&),
    Tensor(const Tensor&, const Tensor&, const optional<Tensor>&)>;

// Only of versions with named dimensions.
template <bool exist>
struct Named {
  using All = Signatures<Tensor(const Tensor&, aten::Dimname, optional<ScalarType>),
                         tuple<Tensor, Tensor>(const Tensor&, aten::Dimname, bool),
                         tuple<Tensor&, Tensor&>(const Tensor&, aten::Dimname, bool, Tensor&, Tensor&)>;
};
template <>
struct Named<false> {
  using All = Signatures<>;
};
using WithDimensionNames = Named<has_dimension_names>::All;

}  // namespace listed

}  // namespace oracles::aten
