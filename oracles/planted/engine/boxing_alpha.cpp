#include "engine/dispatch/boxing.h"
#include "oracles/planted/engine/engine_plant.h"

namespace oracles::plants {
namespace {

struct ForgetsAlpha {
  Kernel right;

  Tensor operator()(const Call& call, const Tensor& self, const Tensor& other,
                    const engine::Scalar& alpha) const {
    Stack stack{self, other, alpha.is_integral() ? alpha : engine::Scalar(1)};
    call_kernel(right, call, stack);
    return stack.back().tensor();
  }
  static void boxed(const Call& call, Stack& stack) {
    call_kernel(static_cast<const engine::SharedBlock<ForgetsAlpha>&>(*call.kernel.state).value.right, call,
                stack);
  }
};

const DeclaredPlant boxing_alpha{
    {"boxing_alpha", "boxing", "aten::add.Tensor", "the typed form ignores an alpha that is not an integer",
     [](engine::Dispatcher& dispatcher) {
       constexpr std::string_view name = "aten::add.Tensor";
       constexpr DispatchKey key = DispatchKey::AutogradCPU;  // where calls arrive; below it they are boxed
       Kernel wrong = engine::kernel_of(ForgetsAlpha{right_kernel(dispatcher, name, key)});
       wrong.boxed = &ForgetsAlpha::boxed;
       engine::Registrations made;
       made.push_back(dispatcher.implement(name, key, std::move(wrong), "planted"));
       return made;
     }}};

}  // namespace
}  // namespace oracles::plants
