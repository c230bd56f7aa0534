#include "reports/counterfactual.h"

#include <algorithm>

#include "corpora/case/image.h"

namespace reports {
namespace {

using corpora::Case;
using corpora::Input;

// Changes the sizes of an input, contiguous in its storage from its offset on. The storage grows as needed,
// by copies of its first element, or by zeros if it has none.
void resize(Case& c, size_t i, const engine::Dims& sizes) {
  Input& input = c.inputs[i];
  corpora::Storage& storage = c.storages[static_cast<size_t>(input.storage)];
  input.sizes = sizes;
  input.strides = engine::contiguous_strides(sizes);
  const int64_t needed = input.offset + engine::element_count(sizes);
  if (needed <= storage.elements) return;
  if (storage.rule == corpora::FillRule::values) {
    const size_t size = engine::size_of(storage.dtype);
    std::vector<std::byte> first(size);
    if (!storage.bytes.empty()) std::copy_n(storage.bytes.begin(), size, first.begin());
    for (int64_t n = storage.elements; n < needed; ++n)
      storage.bytes.insert(storage.bytes.end(), first.begin(), first.end());
  }
  storage.elements = needed;
}

template <class Change>
std::optional<Case> resized(const Case& c, Change&& change) {
  Case other = c;
  for (size_t i = 0; i < other.inputs.size(); ++i) {
    const engine::Dims sizes = change(other.inputs[i].sizes);
    if (sizes != other.inputs[i].sizes) resize(other, i, sizes);
  }
  if (other == c || !corpora::fault_of(other).empty()) return std::nullopt;
  return other;
}

engine::Dims not_empty(engine::Dims sizes) {
  std::replace(sizes.begin(), sizes.end(), int64_t{0}, int64_t{2});
  return sizes;
}

engine::Dims not_0_dim(const engine::Dims& sizes) { return sizes.empty() ? engine::Dims{2} : sizes; }

// The storage of the last call's first tensor argument, or -1.
int32_t first_storage(const Case& c) {
  int32_t storage = -1;
  for (const corpora::Value& value : c.calls.back().arguments)
    corpora::for_each_tensor(value, [&](const corpora::TensorRef& ref) {
      if (storage < 0 && ref.is_input()) storage = c.inputs[static_cast<size_t>(ref.index)].storage;
    });
  return storage;
}

std::optional<Case> with_first_transformed(const Case& c) {
  Case other = c;
  const int32_t storage = first_storage(c);
  if (storage < 0) return std::nullopt;
  int transforming = 0;
  for (corpora::Layer& layer : other.header.path) {
    if (!layer.row().names_a_storage()) continue;
    layer.storage = storage;
    ++transforming;
  }
  if (transforming != 1 || other == c) return std::nullopt;
  return other;
}

}  // namespace

std::optional<Case> without(const std::string& feature, const Case& c) {
  if (feature == "shape:empty") return resized(c, not_empty);
  if (feature == "shape:0-dim") return resized(c, not_0_dim);
  if (feature == "position:other" || feature == "position:list" || feature == "position:optional")
    return with_first_transformed(c);
  return std::nullopt;
}

std::vector<std::string> features_that_matter(const std::vector<std::string>& features, const Case& minimal,
                                              const std::function<bool(const Case&)>& still_fails) {
  std::vector<std::string> matter;
  for (const std::string& feature : features) {
    const std::optional<Case> other = without(feature, minimal);
    if (!other || !still_fails(*other)) matter.push_back(feature);
  }
  return matter;
}

}  // namespace reports
