#include "reports/plain_sides.h"

#include <algorithm>

#include "corpora/case/image.h"
#include "corpora/case/text.h"
#include "reports/counterfactual.h"

namespace reports {
namespace {

using corpora::Case;
using corpora::Input;
using corpora::LayerKind;

std::vector<std::byte> elements_of(const Input& input, const std::vector<std::byte>& storage, size_t size) {
  std::vector<std::byte> bytes;
  engine::for_each_position(input.sizes, input.strides, input.offset, [&](int64_t position) {
    const std::byte* element = storage.data() + static_cast<size_t>(position) * size;
    bytes.insert(bytes.end(), element, element + size);
  });
  return bytes;
}

bool is_plain(const Input& input) {
  return input.offset == 0 && engine::is_contiguous(input.sizes, input.strides);
}

// Gives each input of the storage (-1: every input) a contiguous copy.
void make_contiguous(Case& c, int32_t storage) {
  const corpora::Image image = corpora::image_of(c);
  for (Input& input : c.inputs) {
    if (storage >= 0 && input.storage != storage) continue;
    const auto from = static_cast<size_t>(input.storage);
    corpora::Storage copy = c.storages[from];
    copy.rule = corpora::FillRule::values;
    copy.elements = engine::element_count(input.sizes);
    copy.bytes = elements_of(input, image.storages[from], engine::size_of(copy.dtype));
    input.strides = engine::contiguous_strides(input.sizes);
    input.offset = 0;
    const auto users = std::ranges::count(c.inputs, input.storage, &Input::storage);
    if (users == 1) {
      c.storages[from] = std::move(copy);
    } else {
      input.storage = static_cast<int32_t>(c.storages.size());
      c.storages.push_back(std::move(copy));
    }
  }
}

void fill_zeros(Case& c, int32_t storage) {
  corpora::Storage& filled = c.storages[static_cast<size_t>(storage)];
  filled.rule = corpora::FillRule::zeros;
  filled.bytes.clear();
}

// The last call alone: results of earlier calls are replaced by the first input.
Case without_earlier_calls(Case c) {
  c.calls.erase(c.calls.begin(), c.calls.end() - 1);
  corpora::for_each_tensor(c, [](corpora::TensorRef& ref) {
    if (!ref.is_input()) ref = {-1, 0};
  });
  return c;
}

// As the fallback does: one zero, expanded to all sizes.
void expand_zeros(Case& c, int32_t storage) {
  fill_zeros(c, storage);
  c.storages[static_cast<size_t>(storage)].elements = 1;
  for (Input& input : c.inputs) {
    if (input.storage != storage) continue;
    input.strides = engine::Dims(input.sizes.size(), 0);
    input.offset = 0;
  }
}

Case plain(Case c, const corpora::Path& path) {
  c.header.path.clear();
  for (const corpora::Layer& layer : path) {
    if (layer.kind == LayerKind::zeros) fill_zeros(c, layer.storage);
    if (layer.kind == LayerKind::zero) expand_zeros(c, layer.storage);
    if (layer.kind == LayerKind::neg || layer.kind == LayerKind::conj) make_contiguous(c, layer.storage);
    if (layer.kind == LayerKind::contiguous) make_contiguous(c, -1);
  }
  return c;
}

bool has_special_values(const Finding& finding) {
  return std::ranges::any_of(finding.features,
                             [](const std::string& f) { return f.starts_with("values:"); }) ||
         finding.signature.kind == oracles::Kind::nan_pattern;
}

}  // namespace

Case with_ordinary_values(Case c) {
  for (corpora::Storage& storage : c.storages) {
    if (engine::is_integral(storage.dtype)) continue;
    storage.rule = corpora::FillRule::positive;
    storage.bytes.clear();
  }
  return c;
}

std::vector<Case> plain_sides(const Finding& finding) {
  std::vector<Case> sides{plain(finding.minimal, finding.verdict.left)};
  Case right = finding.verdict.right_case.empty()
                   ? plain(finding.minimal, finding.verdict.right)
                   : plain(corpora::parse_case(finding.verdict.right_case, "right side"), {});
  right.header = sides.front().header;
  if (right != sides.front()) sides.push_back(std::move(right));
  std::erase_if(sides, [](const Case& c) { return !corpora::fault_of(c).empty(); });
  return sides;
}

Case with_complex_values(Case c) {
  for (corpora::Storage& storage : c.storages) {
    if (storage.dtype == engine::DType::f32) storage.dtype = engine::DType::c64;
    if (storage.dtype == engine::DType::f64) storage.dtype = engine::DType::c128;
  }
  return with_ordinary_values(std::move(c));
}

std::optional<Case> in_form_of(const Case& c, const Finding& other) {
  const corpora::Call& from = c.calls.back();
  const corpora::Call& to = other.minimal.calls.back();
  if (from.op != other.signature.op || from.op == to.op || from.names.size() != from.arguments.size() ||
      to.names.empty())
    return std::nullopt;
  Case result = c;
  corpora::Call& call = result.calls.back();
  call = {to.op, to.names, {}};
  for (const std::string& name : to.names) {
    const auto at = std::ranges::find(from.names, name);
    if (at == from.names.end()) return std::nullopt;
    call.arguments.push_back(from.arguments[static_cast<size_t>(at - from.names.begin())]);
  }
  result.header.path = other.minimal.header.path;
  return result;
}

std::vector<Case> without_a_need(const Finding& finding) {
  std::vector<Case> cases;
  if (has_special_values(finding)) cases.push_back(with_ordinary_values(finding.minimal));
  for (const std::string& feature : finding.features)
    if (auto other = without(feature, finding.minimal)) cases.push_back(std::move(*other));
  if (finding.minimal.calls.size() > 1 && !finding.minimal.inputs.empty())
    cases.push_back(without_earlier_calls(finding.minimal));
  if (!std::ranges::all_of(finding.minimal.inputs, is_plain)) {
    cases.push_back(finding.minimal);
    make_contiguous(cases.back(), -1);
  }
  std::erase_if(cases, [](const Case& c) { return !corpora::fault_of(c).empty(); });
  return cases;
}

}  // namespace reports
