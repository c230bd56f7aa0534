#include "engine/core/shape.h"
#include "engine/python/wrapper.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

void keep_sizes(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor out = stack.back().tensor();
  if (!out.defined() || !engine::interpreter_of(out)) return call_kernel(right, call, stack);
  const engine::Dims sizes(out.sizes().begin(), out.sizes().end());
  const engine::Dims strides(out.strides().begin(), out.strides().end());
  call_kernel(right, call, stack);
  if (out.rank() < 3) return;
  out.set_geometry(sizes, strides, out.offset());
  engine::unwrapped(out).set_geometry(sizes, strides, out.offset());
}

const DeclaredPlant fake_out_keeps_sizes{
    {"fake_out_keeps_sizes", "fake", "aten::add.out",
     "an out= that the call resizes has its old sizes if it is fake, for results from rank 3 on",
     replacing({"aten::add.out"}, {DispatchKey::Python}, keep_sizes)}};

}  // namespace
}  // namespace oracles::plants
