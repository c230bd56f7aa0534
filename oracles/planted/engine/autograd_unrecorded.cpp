// A sum in place goes on below autograd without being recorded, from rank 3 on: what it wrote keeps the
// history of what was there.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct Forgets {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const engine::Tensor& self = stack.last(3)[0].tensor();
    if (!self.defined() || self.rank() < 3) return call_kernel(right, call, stack);
    call.op().redispatch_boxed(call.keys & engine::KeySet::full_after(engine::DispatchKey::AutogradOther),
                               stack);
  }
};

const DeclaredPlant declared{
    {"autograd_unrecorded", "autograd", "aten::add*.Tensor",
     "a sum in place is not recorded from rank 3 on, and the other operand loses its gradient",
     [](engine::Dispatcher& dispatcher) {
       constexpr std::string_view name = "aten::add_.Tensor";
       constexpr engine::DispatchKey key = engine::DispatchKey::Autograd;
       engine::Registrations made;
       made.push_back(dispatcher.implement(
           name, key, engine::boxed_kernel_of(Forgets{right_kernel(dispatcher, name, key)}), "planted"));
       return made;
     }}};

}  // namespace

}  // namespace oracles
