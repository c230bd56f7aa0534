#include "oracles/dispatch/rules/dispatch_rules.h"

#include <algorithm>
#include <array>

namespace reference {

namespace {

std::string_view layer_name(Key key) { return layers()[static_cast<size_t>(key.layer)].name; }
std::string_view backend_name(Key key) { return backends()[static_cast<size_t>(key.backend)]; }

template <size_t n>
bool one_of(std::string_view name, const std::array<std::string_view, n>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

constexpr std::array<std::string_view, 5> stand_alone{"FPGA", "Vulkan", "Metal", "CustomRNGKeyId",
                                                      "MkldnnCPU"};
constexpr std::array<std::string_view, 4> kernels_of_backends{"Dense", "Quantized", "Sparse", "SparseCsr"};

bool is_composite_explicit(Key key) {
  return one_of(layer_name(key), kernels_of_backends) || one_of(layer_name(key), stand_alone);
}

bool is_autograd(Key key) {
  constexpr std::array<std::string_view, 3> names{"AutogradOther", "AutogradFunctionality",
                                                  "AutogradNestedTensor"};
  return one_of(layer_name(key), names);
}

}  // namespace

std::string_view name_of(Why why) {
  constexpr std::array<std::string_view, 11> names{"kernel",
                                                   "composite explicit non functional",
                                                   "composite explicit",
                                                   "composite implicit nested",
                                                   "ambiguous autograd other",
                                                   "composite implicit",
                                                   "autograd",
                                                   "batched decomposition",
                                                   "backend fallback",
                                                   "missing",
                                                   "no schema"};
  return names[static_cast<size_t>(why)];
}

int DispatchRules::highest_backend(const Keys& keys) const {
  return keys.backends.empty() ? 0 : *keys.backends.rbegin();
}

// A layer with one key for each backend is not a key without a backend.
Key DispatchRules::highest(const Keys& keys) const {
  if (keys.layers.empty()) return {};
  const int layer = *keys.layers.rbegin();
  if (!layers()[static_cast<size_t>(layer)].per_backend) return {layer, 0};
  const int backend = highest_backend(keys);
  return backend == 0 ? Key{} : Key{layer, backend};
}

Keys DispatchRules::without(const Keys& keys, const Keys& removed) const {
  Keys left = keys;
  for (int layer : removed.layers) left.layers.erase(layer);
  return left;
}

Keys DispatchRules::below(const Keys& keys, int layer) const {
  static const int always = layer_named("PythonDispatcher");
  Keys left = keys;
  std::erase_if(left.layers, [&](int each) { return each >= layer && each != always; });
  return left;
}

Keys DispatchRules::of_undefined_tensor() const {
  return {{layer_named("ADInplaceOrView"), layer_named("AutogradOther")}, {}};
}

bool DispatchRules::serves(Alias alias, Key key) const {
  switch (alias) {
    case Alias::autograd:
      return is_autograd(key);
    case Alias::composite_explicit:
      return key.layer == 0 || is_composite_explicit(key);
    case Alias::composite_explicit_non_functional:
      if (key.layer == 0) return true;
      return is_composite_explicit(key) && layer_name(key) != "Sparse" && backend_name(key) != "XLA" &&
             backend_name(key) != "Lazy";
    case Alias::composite_implicit_nested:
      return layer_name(key) == "NestedTensor" || layer_name(key) == "AutogradNestedTensor";
    case Alias::composite_implicit:
      return key.layer == 0 || is_composite_explicit(key) || is_autograd(key) ||
             layer_name(key) == "NestedTensor" || layer_name(key) == "Functionalize";
    case Alias::batched_decomposition:
      return layer_name(key) == "FuncTorchBatched";
  }
  return false;
}

std::vector<Key> DispatchRules::backends_of_autograd(Key key) const {
  constexpr std::array<std::string_view, 3> others{"Quantized", "Sparse", "SparseCsr"};
  std::vector<Key> keys;
  for (Key each : all_keys()) {
    const std::string_view layer = layer_name(each);
    const bool own =
        layer_name(key) == "AutogradFunctionality" && layer == "Dense" && each.backend == key.backend;
    const bool nested = layer_name(key) == "AutogradNestedTensor" && layer == "NestedTensor";
    const bool other =
        layer_name(key) == "AutogradOther" && (one_of(layer, others) || one_of(layer, stand_alone));
    if (own || nested || other) keys.push_back(each);
  }
  return keys;
}

Found DispatchRules::resolve(const Newest& newest, const Newest& fallbacks, Key key) const {
  const size_t slot = slot_of(key);
  const auto kernel_of = [&](Alias alias) {
    return serves_slot(alias, slot) ? newest[target_of(alias)] : -1;
  };
  if (key.layer != 0 && newest[slot] >= 0) return {newest[slot], Why::kernel};
  if (const int found = kernel_of(Alias::composite_explicit_non_functional); found >= 0)
    return {found, Why::composite_explicit_non_functional};
  if (const int found = kernel_of(Alias::composite_explicit); found >= 0)
    return {found, Why::composite_explicit};
  if (const int found = kernel_of(Alias::composite_implicit_nested); found >= 0)
    return {found, Why::composite_implicit_nested};
  if (const int found = kernel_of(Alias::composite_implicit); found >= 0) {
    const bool direct = has_backend_kernel(newest, slot);
    if (direct && layer_name(key) == "AutogradOther") return {-1, Why::ambiguous_autograd_other};
    const bool for_all = newest[target_of(Alias::composite_explicit)] >= 0;
    if (!direct && !for_all) return {found, Why::composite_implicit};
  }
  if (const int found = kernel_of(Alias::autograd); found >= 0) return {found, Why::autograd};
  if (const int found = kernel_of(Alias::batched_decomposition); found >= 0)
    return {found, Why::batched_decomposition};
  if (fallbacks[slot] >= 0) return {fallbacks[slot], Why::backend_fallback};
  return {};
}

bool DispatchRules::has_backend_kernel(const Newest& newest, size_t slot) const {
  const std::vector<size_t>& own = backend_slots(slot);
  return std::any_of(own.begin(), own.end(), [&](size_t s) { return newest[s] >= 0; });
}

int DispatchRules::backend_of_mask(const Keys&, const Keys& keys) const { return highest_backend(keys); }

ThreadSets DispatchRules::initial() const {
  ThreadSets sets;
  sets.included.layers = {layer_named("BackendSelect"), layer_named("ADInplaceOrView")};
  for (size_t i = 0; i < layers().size(); ++i)
    if (layers()[i].name.starts_with("Autocast")) sets.excluded.layers.insert(static_cast<int>(i));
  return sets;
}

// Guards exclude layers only, not backends.
ThreadSets DispatchRules::guarded(const std::vector<OpenGuard>& open) const {
  ThreadSets sets = initial();
  for (const OpenGuard& guard : open) {
    if (guard.of == GuardOf::force) sets = {};
    if (guard.of == GuardOf::exclude) {
      sets.excluded.layers.insert(guard.keys.layers.begin(), guard.keys.layers.end());
    } else {
      sets.included.add(guard.keys);
      sets.excluded.layers.insert(guard.excluded.layers.begin(), guard.excluded.layers.end());
    }
  }
  return sets;
}

void DispatchRules::prepare() const {
  serves_.assign(alias_count, std::vector<bool>(all_keys().size()));
  backend_slots_.assign(all_keys().size(), {});
  for (size_t slot = 0; slot < all_keys().size(); ++slot) {
    for (size_t a = 0; a < alias_count; ++a)
      serves_[a][slot] = serves(static_cast<Alias>(a), all_keys()[slot]);
    for (Key key : backends_of_autograd(all_keys()[slot])) backend_slots_[slot].push_back(slot_of(key));
  }
}

bool DispatchRules::serves_slot(Alias alias, size_t slot) const {
  if (serves_.empty()) prepare();
  return serves_[static_cast<size_t>(alias)][slot];
}

const std::vector<size_t>& DispatchRules::backend_slots(size_t slot) const {
  if (serves_.empty()) prepare();
  return backend_slots_[slot];
}

}  // namespace reference
