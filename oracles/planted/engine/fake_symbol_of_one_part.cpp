#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void count_first(const Kernel& right, const Call& call, Stack& stack) {
  const std::span<Value> arguments = stack.last(call.schema().arguments.size());
  const std::vector<Tensor> tensors = arguments[0].tensors();
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || made.rank() < 2 || !engine::symbolic_geometry(made)) return;
  if (tensors[0].rank() != made.rank()) return;
  engine::set_symbolic_geometry(made, engine::sym_sizes(tensors[0]), engine::sym_strides(made),
                                engine::sym_offset(made));
}

const DeclaredPlant fake_symbol_of_one_part{
    {"fake_symbol_of_one_part", "fake", "aten::cat",
     "the symbolic size of a concatenation is that of its first tensor, from rank 2 on",
     replacing({"aten::cat"}, {DispatchKey::Python}, count_first)}};

}  // namespace
}  // namespace oracles::plants
