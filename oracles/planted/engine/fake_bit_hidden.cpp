#include "oracles/planted/engine/fake_plant.h"

namespace oracles::plants {
namespace {

void hide_bit(const Kernel& right, const Call& call, Stack& stack) {
  call_kernel(right, call, stack);
  const Tensor made = fake_result(stack);
  if (!made.defined() || made.rank() < 4) return;
  made.set_keys(made.keys().remove(DispatchKey::Conjugate));
}

const DeclaredPlant fake_bit_hidden{
    {"fake_bit_hidden", "fake", "aten::_conj",
     "the fake result of _conj does not say that it is conjugated, from rank 4 on",
     replacing({"aten::_conj"}, {DispatchKey::Python}, hide_bit)}};

}  // namespace
}  // namespace oracles::plants
