#include "oracles/subjects/torch/table_reason.h"

#include <array>

namespace oracles::aten {

namespace {

using c10::DispatchKey;
using engine::Reason;

struct AliasReason {
  DispatchKey alias;
  Reason reason;
};
// In the order in which libtorch tries them.
constexpr std::array aliases{
    AliasReason{DispatchKey::CompositeExplicitAutogradNonFunctional,
                Reason::composite_explicit_non_functional},
    AliasReason{DispatchKey::CompositeExplicitAutograd, Reason::composite_explicit},
    AliasReason{DispatchKey::CompositeImplicitAutogradNestedTensor, Reason::composite_implicit_nested},
    AliasReason{DispatchKey::CompositeImplicitAutograd, Reason::composite_implicit},
    AliasReason{DispatchKey::Autograd, Reason::autograd}};

}  // namespace

Reason reason_at(const c10::OperatorHandle& handle, DispatchKey key) {
  if (handle.hasKernelForDispatchKey(key)) return Reason::kernel;
  for (const AliasReason& each : aliases)
    if (handle.hasKernelForDispatchKey(each.alias) && c10::isIncludedInAlias(key, each.alias))
      return each.reason;
  return handle.hasComputedKernelForDispatchKey(key) ? Reason::backend_fallback : Reason::missing;
}

}  // namespace oracles::aten
