// relu, which computes elements by twos and leaves the last of an odd number as memory was.
#include <cstring>

#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct LeavesTheLast {
  engine::Kernel right;

  void operator()(const engine::Call& call, engine::Stack& stack) const {
    call_kernel(right, call, stack);
    const engine::Tensor done = stack.back().tensor();
    if (done.element_count() % 2 == 0 || done.rank() < 3) return;
    const engine::Tensor made =
        engine::make_strided_tensor(done.dtype(), done.sizes(), done.strides(), done.device());
    const auto pairs = static_cast<size_t>(done.element_count() - 1);
    std::memcpy(made.data(), done.data(), pairs * engine::size_of(done.dtype()));
    stack.replace_last(1, made);
  }
};

const DeclaredPlant declared{{"determinism_odd_tail", "determinism", "aten::relu",
                              "leaves the last of an odd number of elements unwritten, from rank 3 on",
                              [](engine::Dispatcher& dispatcher) {
                                return replace_kernel<LeavesTheLast>(dispatcher, "aten::relu",
                                                                     engine::DispatchKey::CPU);
                              }}};

}  // namespace

}  // namespace oracles
