#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void keep_strides(const Kernel& right, const Call& call, Stack& stack) {
  const Tensor self = stack.last(call.schema().arguments.size())[0].tensor();
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || made.rank() < 3 || !engine::symbolic_geometry(made)) return;
  engine::set_symbolic_geometry(made, engine::sym_sizes(made), engine::sym_strides(self),
                                engine::sym_offset(made));
}

const DeclaredPlant fake_symbol_strides{
    {"fake_symbol_strides", "fake", "aten::transpose.int",
     "the symbolic strides of a transposed tensor are those of the argument, from rank 3 on",
     replacing({"aten::transpose.int"}, {DispatchKey::Python}, keep_strides)}};

}  // namespace
}  // namespace oracles::plants
