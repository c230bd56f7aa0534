// Comparisons, logical operators, and selection by a condition or by bounds.
#include "oracles/reference/kernels/families.h"
#include "oracles/reference/kernels/pointwise.h"

namespace reference {

namespace {

// Operands, including numbers, are rounded to the common dtype.
template <class W>
Array<W> compared(const Call<W>& call, size_t argument, DType common, std::vector<bool>* open = nullptr) {
  if (call.is_array(argument)) return cast(call.array(argument), common, call.rounds);
  return cast(array_of<W>(call.arguments[argument].number, computed_in(common)), common, true, open);
}

template <class F>
void comparison(References& to, const std::string& name, F f) {
  const std::string plain = "aten::" + name;
  to.add({plain + ".Tensor", plain + "_.Tensor", plain + ".Tensor_out", plain + ".Scalar", plain + "_.Scalar",
          plain + ".Scalar_out"},
         [=]<class W>(Call<W>& call) {
           const DType common = common_dtype(call, {0, 1});
           pointwise<2>(call, {compared(call, 0, common), compared(call, 1, common)}, common, DType::b8, f);
         });
}

template <class T>
bool truth(T x) {
  return !(x == T{});
}

template <class F>
void logical(References& to, const std::string& name, F f) {
  const std::string plain = "aten::" + name;
  to.add({plain, plain + "_", plain + ".out"}, [=]<class W>(Call<W>& call) {
    const DType common = common_dtype(call, {0, 1});
    pointwise<2>(call, {compared(call, 0, common), compared(call, 1, common)}, common, DType::b8,
                 [f]<class T>(T a, T b) { return f(truth(a), truth(b)); });
  });
}

// condition ? yes : no, in one dtype.
template <class W>
Result<W>& chosen(Call<W>& call, const Array<W>& condition, Array<W> yes, Array<W> no) {
  const DType dtype = yes.dtype;
  const Dims sizes = broadcast(broadcast(condition.sizes, yes.sizes), no.sizes);
  const Shown<W> by(condition, sizes), one(std::move(yes), sizes), other(std::move(no), sizes);
  Result<W>& made = call.give(blank<W>(dtype, sizes));
  with_elements<W>(dtype, [&]<class T>() {
    for (size_t i = 0; i < made.values.count(); ++i) {
      const bool first = by.template element<int64_t>(i) != 0;
      made.values.set(i, first ? one.template element<T>(i) : other.template element<T>(i));
    }
  });
  return made;
}

template <class W>
void where(Call<W>& call) {
  const DType asked = call.array(0).dtype;
  if (asked != DType::b8 && asked != DType::u8) throw Raises{"the condition is not a bool tensor"};
  const DType common = common_dtype(call, {1, 2});
  chosen(call, call.array(0), compared(call, 1, common), compared(call, 2, common));
}

template <class W>
void masked_fill(Call<W>& call) {
  const DType dtype = call.array(0).dtype;
  if (call.array(1).dtype != DType::b8) throw Raises{"the mask is not a bool tensor"};
  const engine::Scalar value = call.arguments[2].number;
  if (value.is_complex() && !engine::is_complex(dtype))
    throw Raises{"a complex value does not fit a real dtype"};
  std::vector<bool> open;
  const Array<W> fill = cast(array_of<W>(value, computed_in(dtype)), dtype, true, &open);
  Result<W>& made = chosen(call, call.array(1), fill, call.array(0));
  if (open.empty()) return;
  const Shown<W> mask(call.array(1), made.values.sizes);
  for (size_t i = 0; i < made.values.count(); ++i)
    if (mask.template element<int64_t>(i) != 0) made.leave_open(i);
}

struct Within {
  bool low, high;
  template <Ordered T>
  T operator()(T x, T least, T most) const {
    if (is_nan(x)) return x;
    if (low && (is_nan(least) || x < least)) x = least;
    if (high && !is_nan(x) && (is_nan(most) || most < x)) x = most;
    return x;
  }
};

template <class W>
void clamp(Call<W>& call) {
  const bool low = !call.is_none(1), high = !call.is_none(2);
  if (!low && !high) throw Raises{"clamp needs a minimum or a maximum"};
  const DType common = low && high ? common_dtype(call, {0, 1, 2})
                       : low       ? common_dtype(call, {0, 1})
                                   : common_dtype(call, {0, 2});
  Takes{.bools = false, .complex = false}.check(common);
  const Array<W> none = blank<W>(common, {});
  Result<W>& made = pointwise<3>(call,
                                 {compared(call, 0, common), low ? compared(call, 1, common) : none,
                                  high ? compared(call, 2, common) : none},
                                 common, common, Within{low, high});
  made.zero_signs = false;
}

}  // namespace

void add_choosing(References& to) {
  comparison(to, "eq", [](auto a, auto b) { return a == b; });
  comparison(to, "ne", [](auto a, auto b) { return !(a == b); });
  comparison(to, "lt", []<Ordered T>(T a, T b) { return a < b; });
  comparison(to, "le", []<Ordered T>(T a, T b) { return a <= b; });
  comparison(to, "gt", []<Ordered T>(T a, T b) { return a > b; });
  comparison(to, "ge", []<Ordered T>(T a, T b) { return a >= b; });
  logical(to, "logical_and", [](bool a, bool b) { return a && b; });
  logical(to, "logical_or", [](bool a, bool b) { return a || b; });
  logical(to, "logical_xor", [](bool a, bool b) { return a != b; });
  to.add({"aten::where.self", "aten::where.self_out"}, [](auto& call) { where(call); });
  to.add({"aten::masked_fill.Scalar", "aten::masked_fill_.Scalar"}, [](auto& call) { masked_fill(call); });
  to.add({"aten::clamp", "aten::clamp_", "aten::clamp.out"}, [](auto& call) { clamp(call); });
}

}  // namespace reference
