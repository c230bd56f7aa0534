// Your own operators, for `faultline run --load libexample.so`: one that is declared as the engine declares
// its own, one that is registered as a schema and kernels, and one with a bug that Faultline finds.
#include "engine/ops/unary.h"
#include "engine/plugin.h"
#include "oracles/reference/kernels/plugin.h"
#include "oracles/reference/kernels/pointwise.h"

namespace {

using engine::DispatchKey;
using engine::Tensor;

struct Cube {
  template <class T>
  ENGINE_DEVICE T operator()(T x) const {
    return x * x * x;
  }
};

const engine::ops::Family family{{
    engine::ops::unary("example::cube", engine::pointwise_kernel<Cube, 1, engine::real_dtypes>(),
                       {.accuracy = engine::accuracy::elementary(2, "two roundings")}),
}};

const Tensor& checked(const Tensor& self) {
  if (self.dtype() != engine::DType::f64) throw engine::Error("example: doubles only");
  return self;
}

// Half of each value, contiguous. `stride_of(d)` is the stride of a dimension.
template <class StrideOf>
Tensor halves(const Tensor& self, StrideOf&& stride_of) {
  const Tensor result = engine::make_tensor(engine::DType::f64, self.sizes());
  const int64_t count = self.element_count();
  for (int64_t i = 0; i < count; ++i) {
    int64_t rest = i, at = 0;
    for (size_t d = self.rank(); d-- > 0; rest /= self.size(d)) at += rest % self.size(d) * stride_of(d);
    result.data<double>()[i] = self.data<double>()[at] / 2;
  }
  return result;
}

Tensor half(const Tensor& self) {
  return halves(checked(self), [&](size_t d) { return self.stride(d); });
}

// Reads memory in order, whatever the strides, which is correct for contiguous tensors only.
Tensor wrong_half(const Tensor& self) {
  const engine::Dims strides = engine::contiguous_strides(self.sizes());
  const bool fits = self.is_contiguous() || self.storage()->bytes() / sizeof(double) >=
                                                static_cast<size_t>(self.offset() + self.element_count());
  return halves(checked(self), [&](size_t d) { return fits ? strides[d] : self.stride(d); });
}

Tensor half_on_meta(const Tensor& self) {
  return engine::make_tensor(engine::DType::f64, checked(self).sizes(), self.device());
}

}  // namespace

void faultline_register(engine::Dispatcher& dispatcher) {
  engine::Library example(dispatcher, "example", "example.cpp");
  for (const char* name : {"half", "wrong_half"}) {
    example.def(std::string(name) + "(Tensor self) -> Tensor", engine::accuracy::rounded);
    example.impl(name, DispatchKey::Meta, engine::kernel<&half_on_meta>());
  }
  example.impl("half", DispatchKey::CPU, engine::kernel<&half>());
  example.impl("wrong_half", DispatchKey::CPU, engine::kernel<&wrong_half>());
  example.keep();
}

struct CubeAgain {
  template <reference::Real W>
  W operator()(W x) const {
    return x * x * x;
  }
};

// Computes both from the definition, in a wider scalar, for the oracle `reference`.
void faultline_references(oracles::References& references) {
  references.add(
      {"example::cube", "example::cube_", "example::cube.out"}, []<class W>(reference::Call<W>& call) {
        const engine::DType dtype = reference::floating(call.array(0).dtype);
        reference::Takes{.complex = false}.check(dtype);
        reference::pointwise<1>(call, {cast(call.array(0), dtype, call.rounds)}, dtype, dtype, CubeAgain{});
      });
  references.add({"example::half", "example::wrong_half"}, []<class W>(reference::Call<W>& call) {
    reference::Array<W> halved = call.array(0);
    if (halved.dtype != engine::DType::f64) throw reference::Raises{"doubles only"};
    for (W& each : halved.parts) each /= 2;
    call.give(std::move(halved));
  });
}
