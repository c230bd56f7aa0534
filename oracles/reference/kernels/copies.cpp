// Copies and casts, parts and conjugates of complex numbers, fills and fresh tensors.
#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

// The elements of `from` in another dtype, not rounded: the copy's tolerance allows for the rounding.
template <class W>
void give_cast(Call<W>& call, const Array<W>& from, DType dtype) {
  std::vector<bool> open;
  Array<W> made = cast(from, dtype, false, &open);
  call.give(std::move(made)).unspecified = std::move(open);
}

template <class W>
void give_same(Call<W>& call) {
  Array<W> same = call.array(0);
  call.give(std::move(same));
}

template <class W>
void copy(Call<W>& call) {
  const Array<W>&self = call.array(0), &source = call.array(1);
  if (broadcast(source.sizes, self.sizes) != self.sizes)
    throw Raises{"the source does not broadcast to self"};
  const std::vector<size_t> at = places(self.sizes, broadcast_strides(source.sizes, self.sizes));
  give_cast(call, picked(source, self.sizes, at), self.dtype);
}

template <class W>
DType dtype_or(const Call<W>& call, size_t argument, DType otherwise) {
  return call.is_none(argument) ? otherwise : call.arguments[argument].dtype;
}

// Fills: every element is the same number.
template <class W>
void give_filled(Call<W>& call, DType dtype, const Dims& sizes, const engine::Scalar& value) {
  for (const int64_t size : sizes)
    if (size < 0) throw Raises{"a size is negative"};
  if (value.is_complex() && !engine::is_complex(dtype))
    throw Unknown{"a complex value does not fit a real dtype"};
  std::vector<bool> open;
  const DType written = value.is_complex() ? DType::c128 : value.is_integral() ? DType::i64 : DType::f64;
  const Array<W> one = cast(array_of<W>(value, written), dtype, true, &open);
  Result<W>& made = call.give(picked(one, sizes, places(sizes, Dims(sizes.size(), 0))));
  if (!open.empty()) made.unspecified.assign(made.values.count(), true);
}

template <class W>
void fill(Call<W>& call, const engine::Scalar& value) {
  const Array<W>& self = call.array(0);
  if (value.is_complex() && !engine::is_complex(self.dtype))
    throw Raises{"a complex value does not fit a real dtype"};
  const Dims sizes = self.sizes;
  give_filled(call, self.dtype, sizes, value);
}

// Uninitialised tensors: their values are unspecified.
template <class W>
void give_uninitialised(Call<W>& call, DType dtype, const Dims& sizes) {
  for (const int64_t size : sizes)
    if (size < 0) throw Raises{"a size is negative"};
  Result<W>& made = call.give({dtype, sizes, {}, {}});
  made.has_values = false;
}

void add_copies(References& to) {
  to.add({"aten::clone", "aten::contiguous", "aten::resolve_conj", "aten::resolve_neg", "aten::detach",
          "aten::alias"},
         [](auto& call) { give_same(call); });
  to.add("aten::copy_", [](auto& call) { copy(call); });
  to.add({"aten::_to_copy", "aten::to.dtype"},
         [](auto& call) { give_cast(call, call.array(0), dtype_or(call, 1, call.array(0).dtype)); });
  to.add({"aten::fill.Scalar", "aten::fill_.Scalar"},
         [](auto& call) { fill(call, call.arguments[1].number); });
  to.add({"aten::zero", "aten::zero_"}, [](auto& call) { fill(call, engine::Scalar(0)); });
}

template <class W>
void conjugate(Call<W>& call, bool complex_only) {
  Array<W> made = call.array(0);
  if (!engine::is_complex(made.dtype) && complex_only) throw Raises{"a real tensor has no conj bit"};
  if (engine::is_complex(made.dtype))
    for (size_t i = 1; i < made.parts.size(); i += 2) made.parts[i] = -made.parts[i];
  call.give(std::move(made));
}

// Real parts, imaginary parts, or both in an additional dimension.
template <class W>
void parts_of(Call<W>& call, size_t first, size_t step) {
  const Array<W>& from = call.array(0);
  Array<W> made = blank<W>(engine::component_of(from.dtype), from.sizes);
  if (step == 1) {
    made.sizes.push_back(2);
    made.parts = from.parts;
  } else {
    for (size_t i = 0; i < from.count(); ++i) made.parts[i] = from.parts[2 * i + first];
  }
  call.give(std::move(made));
}

template <class W>
void complex_only(const Call<W>& call) {
  if (!engine::is_complex(call.array(0).dtype)) throw Raises{"a real tensor has no imaginary part"};
}

void add_complex_parts(References& to) {
  to.add("aten::_conj", [](auto& call) { conjugate(call, true); });
  to.add("aten::conj", [](auto& call) { conjugate(call, false); });
  to.add("aten::_neg_view", []<class W>(Call<W>& call) {
    const DType dtype = call.array(0).dtype;
    if (dtype == DType::b8) throw Raises{"neg is not defined for bools"};
    Array<W> made = call.array(0);
    for (size_t i = 0; i < made.integers.size(); ++i)
      made.set(i, difference_of(int64_t{0}, made.integers[i]));
    for (W& part : made.parts) part = -part;
    call.give(std::move(made));
  });
  to.add("aten::real", [](auto& call) {
    if (engine::is_complex(call.array(0).dtype))
      parts_of(call, 0, 2);
    else
      give_same(call);
  });
  to.add("aten::imag", [](auto& call) {
    complex_only(call);
    parts_of(call, 1, 2);
  });
  to.add("aten::view_as_real", [](auto& call) {
    complex_only(call);
    parts_of(call, 0, 1);
  });
}

DType dtype_of_number(const engine::Scalar& value) {
  Operands alone;
  alone.add(value);
  return alone.dtype();
}

void add_fresh(References& to) {
  const auto sized = [&](std::string_view name, engine::Scalar value) {
    to.add(name, [=](auto& call) {
      give_filled(call, dtype_or(call, 1, DType::f32), call.arguments[0].integers, value);
    });
  };
  const auto modelled = [&](std::string_view name, engine::Scalar value) {
    to.add(name, [=](auto& call) {
      give_filled(call, dtype_or(call, 1, call.array(0).dtype), Dims(call.array(0).sizes), value);
    });
  };
  sized("aten::zeros", 0);
  sized("aten::_efficientzerotensor", 0);
  sized("aten::ones", 1);
  modelled("aten::zeros_like", 0);
  modelled("aten::ones_like", 1);
  to.add("aten::full", []<class W>(Call<W>& call) {
    const engine::Scalar value = call.arguments[1].number;
    give_filled(call, dtype_or(call, 2, dtype_of_number(value)), call.arguments[0].integers, value);
  });
  to.add("aten::full_like", [](auto& call) {
    give_filled(call, dtype_or(call, 2, call.array(0).dtype), Dims(call.array(0).sizes),
                call.arguments[1].number);
  });
  to.add("aten::empty.memory_format", [](auto& call) {
    give_uninitialised(call, dtype_or(call, 1, DType::f32), call.arguments[0].integers);
  });
  to.add("aten::empty_strided", [](auto& call) {
    give_uninitialised(call, dtype_or(call, 2, DType::f32), call.arguments[0].integers);
  });
  to.add("aten::empty_like", [](auto& call) {
    give_uninitialised(call, dtype_or(call, 1, call.array(0).dtype), call.array(0).sizes);
  });
}

// Conversions of a tensor to a number or a bool.
void add_plain(References& to) {
  to.add("aten::_local_scalar_dense", [](auto& call) {
    const DType dtype = call.array(0).dtype;
    if (call.array(0).count() != 1) throw Raises{"the tensor does not have exactly one element"};
    const DType plain = dtype == DType::b8           ? DType::b8
                        : engine::is_integral(dtype) ? DType::i64
                        : engine::is_complex(dtype)  ? DType::c128
                                                     : DType::f64;
    auto made = cast(call.array(0), plain);
    made.sizes.clear();
    call.give(std::move(made)).is_tensor = false;
  });
  to.add("aten::equal", []<class W>(Call<W>& call) {
    const DType common = common_dtype(call, {0, 1});
    const Array<W> a = operand(call, 0, common), b = operand(call, 1, common);
    Array<W> made = blank<W>(DType::b8, {});
    made.set(0, a.sizes == b.sizes && a.integers == b.integers && a.parts == b.parts);
    call.give(std::move(made)).is_tensor = false;
  });
}

}  // namespace

void add_copying(References& to) {
  add_copies(to);
  add_complex_parts(to);
  add_fresh(to);
  add_plain(to);
}

}  // namespace reference
