#include "oracles/dispatch/rules/dispatch_keys.h"

#include <array>
#include <map>

#include "engine/core/check.h"

namespace reference {

const std::vector<Layer>& layers() {
  static const std::vector<Layer> all{
      {"Undefined"},
      {"Dense", true, ""},
      {"FPGA"},
      {"Vulkan"},
      {"Metal"},
      {"Quantized", true, "Quantized"},
      {"CustomRNGKeyId"},
      {"MkldnnCPU"},
      {"Sparse", true, "Sparse"},
      {"SparseCsr", true, "SparseCsr"},
      {"NestedTensor", true, "NestedTensor"},
      {"BackendSelect"},
      {"Python"},
      {"Fake"},
      {"FuncTorchDynamicLayerBackMode"},
      {"Functionalize"},
      {"Named"},
      {"Conjugate"},
      {"Negative"},
      {"ZeroTensor"},
      {"ADInplaceOrView"},
      {"AutogradOther"},
      {"AutogradFunctionality", true, "Autograd"},
      {"AutogradNestedTensor"},
      {"Tracer"},
      {"AutocastCPU"},
      {"AutocastMTIA"},
      {"AutocastMAIA"},
      {"AutocastXPU"},
      {"AutocastIPU"},
      {"AutocastHPU"},
      {"AutocastXLA"},
      {"AutocastMPS"},
      {"AutocastCUDA"},
      {"AutocastPrivateUse1"},
      {"FuncTorchBatched"},
      {"BatchedNestedTensor"},
      {"FuncTorchVmapMode"},
      {"Batched"},
      {"VmapMode"},
      {"FuncTorchGradWrapper"},
      {"DeferredInit"},
      {"PythonTLSSnapshot"},
      {"FuncTorchDynamicLayerFrontMode"},
      {"TESTING_ONLY_GenericWrapper"},
      {"TESTING_ONLY_GenericMode"},
      {"PreDispatch"},
      {"PythonDispatcher"},
  };
  return all;
}

const std::vector<std::string_view>& backends() {
  static const std::vector<std::string_view> all{
      "none", "CPU",  "CUDA", "HIP",  "XLA",         "MPS",         "IPU",         "XPU", "HPU",
      "VE",   "Lazy", "MTIA", "MAIA", "PrivateUse1", "PrivateUse2", "PrivateUse3", "Meta"};
  return all;
}

int layer_named(std::string_view name) {
  for (size_t i = 0; i < layers().size(); ++i)
    if (layers()[i].name == name) return static_cast<int>(i);
  return -1;
}

int backend_named(std::string_view name) {
  for (size_t i = 0; i < backends().size(); ++i)
    if (backends()[i] == name) return static_cast<int>(i);
  return -1;
}

std::string name_of(Key key) {
  const Layer& layer = layers()[static_cast<size_t>(key.layer)];
  if (!layer.per_backend) return std::string(layer.name);
  return std::string(layer.prefix) + std::string(backends()[static_cast<size_t>(key.backend)]);
}

const std::vector<Key>& all_keys() {
  static const std::vector<Key> all = [] {
    std::vector<Key> keys;
    for (int layer = 0; layer < static_cast<int>(layers().size()); ++layer) {
      if (!layers()[static_cast<size_t>(layer)].per_backend) {
        keys.push_back({layer, 0});
        continue;
      }
      for (int backend = 1; backend < static_cast<int>(backends().size()); ++backend)
        keys.push_back({layer, backend});
    }
    return keys;
  }();
  return all;
}

size_t slot_of(Key key) {
  static const std::vector<size_t> first = [] {
    std::vector<size_t> slots(layers().size());
    for (size_t slot = all_keys().size(); slot-- > 0;)
      slots[static_cast<size_t>(all_keys()[slot].layer)] = slot;
    return slots;
  }();
  return first[static_cast<size_t>(key.layer)] + static_cast<size_t>(key.backend > 0 ? key.backend - 1 : 0);
}

void Keys::add(Key key) {
  if (key.layer != 0) layers.insert(key.layer);
  if (key.backend != 0) backends.insert(key.backend);
}

void Keys::add(const Keys& other) {
  layers.insert(other.layers.begin(), other.layers.end());
  backends.insert(other.backends.begin(), other.backends.end());
}

std::string_view name_of(Alias alias) {
  constexpr std::array<std::string_view, alias_count> names{"Autograd",
                                                            "CompositeImplicitAutograd",
                                                            "CompositeImplicitAutogradNestedTensor",
                                                            "CompositeExplicitAutograd",
                                                            "CompositeExplicitAutogradNonFunctional",
                                                            "FuncTorchBatchedDecomposition"};
  return names[static_cast<size_t>(alias)];
}

Target target_of(Alias alias) { return all_keys().size() + static_cast<size_t>(alias); }
size_t target_count() { return all_keys().size() + alias_count + layers().size(); }
bool is_alias(Target target) { return target >= all_keys().size() && !is_part(target); }
bool is_part(Target target) { return target >= all_keys().size() + alias_count; }
int part_layer(Target target) { return static_cast<int>(target - all_keys().size() - alias_count); }

Target target_named(std::string_view name) {
  static const std::map<std::string, Target, std::less<>> targets = [] {
    std::map<std::string, Target, std::less<>> all;
    for (size_t slot = 0; slot < all_keys().size(); ++slot) all[name_of(all_keys()[slot])] = slot;
    for (size_t a = 0; a < alias_count; ++a)
      all[std::string(name_of(static_cast<Alias>(a)))] = target_of(static_cast<Alias>(a));
    for (size_t l = 0; l < layers().size(); ++l)
      if (layers()[l].per_backend) all.emplace(layers()[l].name, all_keys().size() + alias_count + l);
    return all;
  }();
  const auto found = targets.find(name);
  CHECK(found != targets.end(), "the rules have the dispatch key " + std::string(name));
  return found->second;
}

}  // namespace reference
