#include <algorithm>
#include <array>
#include <sstream>

#include "oracles/subjects/torch/torch_subject.h"

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

Reason reason_at(const c10::OperatorHandle& handle, DispatchKey key) {
  if (handle.hasKernelForDispatchKey(key)) return Reason::kernel;
  for (const AliasReason& each : aliases)
    if (handle.hasKernelForDispatchKey(each.alias) && c10::isIncludedInAlias(key, each.alias))
      return each.reason;
  return handle.hasComputedKernelForDispatchKey(key) ? Reason::backend_fallback : Reason::missing;
}

std::vector<std::string> names_of(c10::DispatchKeySet keys) {
  std::vector<std::string> names;
  for (c10::DispatchKey key : keys) names.emplace_back(c10::toString(key));
  std::reverse(names.begin(), names.end());
  return names;
}

}  // namespace

std::string TorchSubject::table(std::string_view op) const {
  const BoundOperator* bound = operators_.find(op);
  if (!bound) return {};
  std::istringstream dump(bound->handle.dumpComputedTable());
  std::string text;
  // The trace's own entry is no part of the library.
  for (std::string line; std::getline(dump, line);)
    if (!line.starts_with("TESTING_ONLY_GenericMode:")) text += line + '\n';
  return text;
}

// Behind autograd, which nearly every call passes: what then serves it is what tells calls apart.
Served TorchSubject::served_by(const TraceEntry& call) const {
  const c10::DispatchKeySet keys = c10::DispatchKeySet(c10::DispatchKeySet::RAW, call.keys) -
                                   c10::autograd_dispatch_keyset_with_ADInplaceOrView;
  const c10::DispatchKey key = keys.highestPriorityTypeId();
  const BoundOperator* bound = operators_.find(call.op);
  return {static_cast<uint8_t>(key), bound ? reason_at(bound->handle, key) : Reason::missing};
}

std::vector<std::string> TorchSubject::key_names(uint64_t keys) const {
  return names_of(c10::DispatchKeySet(c10::DispatchKeySet::RAW, keys));
}

std::vector<std::string> TorchSubject::all_keys() const {
  return names_of(c10::DispatchKeySet(c10::DispatchKeySet::FULL));
}

}  // namespace oracles::aten
