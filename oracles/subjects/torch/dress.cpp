#include "oracles/subjects/torch/dress.h"

#include <ATen/core/ivalue.h>
// The value type comes first: some compilers want it complete in the headers below.
#include <ATen/Functions.h>
#include <c10/core/ScalarTypeToTypeMeta.h>
#include <c10/core/TensorImpl.h>

#include <algorithm>
#include <cstring>

#include "oracles/compare/element_bytes.h"
#include "oracles/subjects/torch/allocator.h"
#include "oracles/subjects/torch/version.h"
#include "oracles/trial/storage_layers.h"

namespace oracles::aten {

using corpora::LayerKind;

namespace {

constexpr corpora::LayerSet supported{LayerKind::zeros,      LayerKind::zero,    LayerKind::conj,
                                      LayerKind::neg,        LayerKind::typed,   LayerKind::meta,
                                      LayerKind::contiguous, LayerKind::pattern, LayerKind::form};

c10::Storage filled_storage(const std::vector<std::byte>& bytes) {
  GuardedAllocator& allocator = memory();
  c10::DataPtr data = allocator.allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(data.get(), bytes.data(), bytes.size());
  return c10::make_intrusive<c10::StorageImpl>(
      c10::StorageImpl::use_byte_size_t(), static_cast<int64_t>(bytes.size()), std::move(data), &allocator,
      /*resizable=*/true);
}

// What makes the tensors on one dressed storage.
struct Base {
  c10::DispatchKeySet keys{c10::DispatchKey::CPU};
  c10::VariableVersion version{0};
};

Base fill(DressedStorage& unit, const std::vector<std::byte>& image, const corpora::LayerSet& on, bool meta) {
  Base base;
  const int64_t elements = static_cast<int64_t>(image.size() / engine::size_of(unit.dtype));
  if (meta) {
    const at::Tensor whole =
        at::empty({elements}, at::TensorOptions(scalar_type_of(unit.dtype)).device(at::kMeta));
    unit.storage = whole.storage();
    base.keys = c10::DispatchKeySet(c10::DispatchKey::Meta);
    return base;
  }
  if (on.has(LayerKind::zero)) {
    const at::Tensor whole =
        at::_efficientzerotensor({elements}, at::TensorOptions(scalar_type_of(unit.dtype)));
    unit.storage = whole.storage();
    if (zero_tensors_keep_a_gone_allocator)
      unit.storage.unsafeGetStorageImpl()->set_allocator(&gone_allocator());
    base.keys = whole.key_set();
    return base;
  }
  unit.before = &image;
  if (changes_bytes(on)) {
    unit.own = image;
    change_bytes(unit.dtype, on, unit.own);
    unit.before = &unit.own;
  }
  unit.storage = filled_storage(*unit.before);
  return base;
}

at::Tensor view_of(const DressedStorage& unit, const Base& base, const DressedInput& input,
                   const corpora::LayerSet& on) {
  auto tensor = at::detail::make_tensor<c10::TensorImpl>(
      c10::Storage(unit.storage), base.keys, c10::scalarTypeToTypeMeta(scalar_type_of(unit.dtype)));
  c10::TensorImpl* impl = tensor.unsafeGetTensorImpl();
  impl->set_sizes_and_strides(input.sizes, input.strides, input.offset);
  impl->set_version_counter(base.version);
  if (on.has(LayerKind::neg)) impl->_set_neg(true);
  if (on.has(LayerKind::conj)) impl->_set_conj(true);
  return tensor;
}

void dress_shared(Dressed& dressed, const corpora::Case& c, const corpora::Image& image,
                  const LayersByStorage& by_storage) {
  std::vector<Base> bases;
  bases.reserve(c.storages.size());
  dressed.storages.resize(c.storages.size());
  for (size_t s = 0; s < c.storages.size(); ++s) {
    DressedStorage& unit = dressed.storages[s];
    unit.of = static_cast<int32_t>(s);
    unit.dtype = c.storages[s].dtype;
    bases.push_back(fill(unit, image.storages[s], by_storage[s], dressed.meta));
  }
  for (const corpora::Input& input : c.inputs) {
    DressedInput made{{}, input.storage, input.sizes, input.strides, input.offset};
    const auto s = static_cast<size_t>(input.storage);
    made.tensor = view_of(dressed.storages[s], bases[s], made, by_storage[s]);
    dressed.inputs.push_back(std::move(made));
  }
}

void dress_contiguous(Dressed& dressed, const corpora::Case& c, const corpora::Image& image,
                      const LayersByStorage& by_storage) {
  dressed.storages.reserve(c.inputs.size());
  for (const corpora::Input& input : c.inputs) {
    const auto s = static_cast<size_t>(input.storage);
    DressedInput made{{},
                      static_cast<int32_t>(dressed.storages.size()),
                      input.sizes,
                      engine::contiguous_strides(input.sizes),
                      0};
    DressedStorage& unit = dressed.storages.emplace_back();
    unit.of = input.storage;
    unit.dtype = c.storages[s].dtype;
    const std::vector<std::byte> bytes =
        gathered(unit.dtype, image.storages[s].data(), input.sizes, input.strides, input.offset);
    const Base base = fill(unit, bytes, by_storage[s], dressed.meta);
    if (unit.before == &bytes) {
      unit.own = bytes;
      unit.before = &unit.own;
    }
    made.tensor = view_of(unit, base, made, by_storage[s]);
    dressed.inputs.push_back(std::move(made));
  }
}

}  // namespace

Dressed plan_of(const corpora::Path& path) {
  Dressed plan;
  plan.meta = has_layer(path, LayerKind::meta);
  plan.typed = has_layer(path, LayerKind::typed);
  plan.other_pattern = has_layer(path, LayerKind::pattern);
  if (has_layer(path, LayerKind::zero)) plan.keys |= dress_zero;
  if (has_layer(path, LayerKind::neg)) plan.keys |= dress_neg;
  if (has_layer(path, LayerKind::conj)) plan.keys |= dress_conj;
  return plan;
}

std::string dressing_refusal(const corpora::Case& c, const corpora::Path& path) {
  const std::string fault = layers_fault(c, path, supported);
  if (!fault.empty()) return fault;
  if (has_layer(path, LayerKind::meta) && has_layer(path, LayerKind::zero) && !zero_tensors_on_meta)
    return "this libtorch has no zero tensors on the meta device";
  for (const corpora::Input& input : c.inputs)
    for (int64_t stride : input.strides)
      if (stride < 0) return "libtorch has no negative strides";
  return {};
}

void dress(Dressed& dressed, const corpora::Case& c, const corpora::Image& image, const corpora::Path& path) {
  const LayersByStorage by_storage = layers_by_storage(c, path);
  dressed.inputs.reserve(c.inputs.size());
  if (has_layer(path, LayerKind::contiguous)) {
    dress_contiguous(dressed, c, image, by_storage);
  } else {
    dress_shared(dressed, c, image, by_storage);
  }
}

}  // namespace oracles::aten
