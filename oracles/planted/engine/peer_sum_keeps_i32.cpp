// Sums of i32 that stay i32, on every device: what C and some libraries do. Meta and CPU agree about it.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct KeepsNarrow {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    const std::span<engine::Value> arguments = stack.last(call.schema().arguments.size());
    engine::Value& dtype = arguments.back();
    if (arguments[0].tensor().dtype() == engine::DType::i32 && dtype.is_none())
      dtype = engine::Value(engine::DType::i32);
    call_kernel(right, call, stack);
  }
};

const DeclaredPlant declared{
    {"peer_sum_keeps_i32", "peer", "aten::sum*", "a sum of i32 stays i32",
     [](engine::Dispatcher& dispatcher) {
       engine::Registrations made;
       for (const std::string_view name : {"aten::sum", "aten::sum.dim_IntList"})
         for (const engine::DispatchKey key : {engine::DispatchKey::CPU, engine::DispatchKey::Meta})
           made.push_back(dispatcher.implement(
               name, key, engine::boxed_kernel_of(KeepsNarrow{right_kernel(dispatcher, name, key)}),
               "planted"));
       return made;
     }}};

}  // namespace

}  // namespace oracles
