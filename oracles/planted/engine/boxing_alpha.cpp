// A sum whose typed face does not pass its last number on.
#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles {

namespace {

struct ForgetsAlpha {
  engine::Kernel right;

  engine::Tensor operator()(const engine::Call& call, const engine::Tensor& self, const engine::Tensor& other,
                            const engine::Scalar& alpha) const {
    engine::Stack stack{self, other, alpha.is_integral() ? alpha : engine::Scalar(1)};
    call_kernel(right, call, stack);
    return stack.back().tensor();
  }
  static void boxed(const engine::Call& call, engine::Stack& stack) {
    call_kernel(static_cast<const engine::SharedBlock<ForgetsAlpha>&>(*call.kernel.state).value.right, call,
                stack);
  }
};

// At the key where a call arrives: from there on it is boxed.
constexpr engine::DispatchKey key = engine::DispatchKey::AutogradCPU;

const DeclaredPlant declared{
    {"boxing_alpha", "boxing", "aten::add.Tensor", "its typed form forgets an alpha that is no integer",
     [](engine::Dispatcher& dispatcher) {
       constexpr std::string_view name = "aten::add.Tensor";
       engine::Kernel wrong = engine::kernel_of(ForgetsAlpha{right_kernel(dispatcher, name, key)});
       wrong.boxed = &ForgetsAlpha::boxed;
       engine::Registrations made;
       made.push_back(dispatcher.implement(name, key, std::move(wrong), "planted"));
       return made;
     }}};

}  // namespace

}  // namespace oracles
