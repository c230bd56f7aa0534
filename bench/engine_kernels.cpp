#include "bench/engine_kernels.h"

namespace bench {

using engine::Call;
using engine::DispatchKey;
using engine::Kernel;
using engine::Stack;
using engine::Tensor;

namespace {

Tensor nop1(const Tensor& a) { return a; }
Tensor nop3(const Tensor& a, const Tensor&, const Tensor&) { return a; }
void void1(const Tensor&) {}
Tensor on_below(const Call& call, const Tensor& a) {
  return engine::TypedOperator<Tensor(const Tensor&)>(&call.entry)
      .redispatch(call.keys & engine::KeySet::full_after(DispatchKey::AutogradCPU), a);
}
void boxed(const Call&, Stack&) {}

}  // namespace

void register_engine_kernels(engine::Dispatcher& dispatcher, engine::Registrations& registrations) {
  const auto keep = [&](engine::Registration r) { registrations.push_back(std::move(r)); };
  for (const char* schema :
       {"probe::nop1(Tensor a) -> Tensor", "probe::nop3(Tensor a, Tensor b, Tensor c) -> Tensor",
        "probe::void1(Tensor a) -> ()", "probe::fallthrough1(Tensor a) -> Tensor",
        "probe::redispatch1(Tensor a) -> Tensor", "probe::boxed1(Tensor a) -> Tensor",
        "probe::registered(Tensor a) -> Tensor", "aten::add.Tensor(Tensor a, Tensor b) -> Tensor"})
    keep(dispatcher.define(schema));
  for (DispatchKey key : {DispatchKey::AutogradOther, DispatchKey::AutogradCPU, DispatchKey::AutogradCUDA,
                          DispatchKey::ADInplaceOrView, DispatchKey::BackendSelect})
    for (engine::Registration& r : dispatcher.fallback(key, Kernel::fallthrough())) keep(std::move(r));
  const auto cpu = [&](const char* name, Kernel kernel) {
    keep(dispatcher.implement(name, DispatchKey::CPU, std::move(kernel)));
  };
  cpu("probe::nop1", engine::kernel<&nop1>());
  cpu("probe::nop3", engine::kernel<&nop3>());
  cpu("probe::void1", engine::kernel<&void1>());
  cpu("probe::fallthrough1", engine::kernel<&nop1>());
  keep(dispatcher.implement("probe::fallthrough1", DispatchKey::AutogradCPU, Kernel::fallthrough()));
  cpu("probe::redispatch1", engine::kernel<&nop1>());
  keep(dispatcher.implement("probe::redispatch1", DispatchKey::AutogradCPU, engine::kernel<&on_below>()));
  cpu("probe::boxed1", Kernel::from_boxed(&boxed));
}

Kernel another_kernel() { return engine::kernel<&nop1>(); }

}  // namespace bench
