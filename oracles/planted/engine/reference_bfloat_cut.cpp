// exp of bfloat16, which cuts f32 off where it should round. Half of the results are right.
#include <bit>

#include "engine/backends/copy.h"
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

using engine::DType;
using engine::Tensor;

Tensor in_f32(const Tensor& of) {
  Tensor made = engine::make_tensor(DType::f32, of.sizes());
  engine::copy_elements(made, of);
  return made;
}

Tensor cut_off(const Tensor& of) {
  Tensor made = engine::make_tensor(DType::bf16, of.sizes());
  for (int64_t i = 0; i < of.element_count(); ++i)
    made.data<uint16_t>()[i] = static_cast<uint16_t>(std::bit_cast<uint32_t>(of.data<float>()[i]) >> 16);
  return made;
}

struct CutsOff {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    engine::Value& argument = stack.last(1)[0];
    const bool cuts = argument.tensor().dtype() == DType::bf16;
    if (cuts) argument = engine::Value(in_f32(argument.tensor()));
    call_kernel(right, call, stack);
    if (cuts) stack.last(1)[0] = engine::Value(cut_off(stack.last(1)[0].tensor()));
  }
};

const DeclaredPlant declared{
    {"reference_bfloat_cut", "reference", "aten::exp",
     "exp cuts bfloat16 results off, and does not round them", [](engine::Dispatcher& dispatcher) {
       return replace_kernel<CutsOff>(dispatcher, "aten::exp", engine::DispatchKey::CPU);
     }}};

}  // namespace

}  // namespace oracles
