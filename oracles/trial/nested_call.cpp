#include "oracles/trial/nested_call.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "engine/core/shape.h"

namespace oracles {

namespace {

using corpora::Value;
using engine::TypeKind;

class CaseOfCall {
 public:
  std::optional<corpora::Case> make(const TraceEntry& call, const corpora::Operator& op) {
    if (call.arguments.size() != op.schema.arguments.size()) return std::nullopt;
    corpora::Call made{op.name, {}, {}};
    for (size_t i = 0; i < call.arguments.size(); ++i)
      made.arguments.push_back(value(call.arguments[i], op.schema.arguments[i].type));
    case_.calls.push_back(std::move(made));
    if (!possible_ || !corpora::fault_of(case_).empty()) return std::nullopt;
    return std::move(case_);
  }

 private:
  static constexpr int64_t most_elements = 1 << 14;

  Value value(const Result& result, const engine::Type& type) {
    if (type.kind == TypeKind::optional) return value(result, type.element());
    if (result.kind == Result::Kind::tensor) return tensor(result.tensor);
    if (result.kind == Result::Kind::list) return list(result, type);
    if (result.plain.kind != corpora::ValueKind::integer) return result.plain;
    // A library may have numbers for what a case writes as words.
    constexpr std::array formats{"contiguous", "preserve", "channels_last", "channels_last_3d"};
    const auto number = static_cast<size_t>(result.plain.integer);
    if (type.kind == TypeKind::memory_format && number < formats.size())
      return Value::of_word(corpora::ValueKind::memory_format, formats[number]);
    if (type.kind == TypeKind::layout && number == 0)
      return Value::of_word(corpora::ValueKind::layout, "strided");
    return result.plain;
  }

  Value list(const Result& result, const engine::Type& type) {
    std::vector<Value> elements;
    if (type.kind != TypeKind::list) possible_ = false;
    for (const Result& element : result.list)
      if (possible_) elements.push_back(value(element, type.element()));
    return Value::of_list(std::move(elements));
  }

  Value tensor(const TensorSnapshot& t) {
    if (!t.defined) return Value::of_undefined();
    const bool read = !t.opaque && !t.meta && t.has_values;
    const int64_t end = read ? t.offset + engine::extent_of(t.sizes, t.strides).high : 0;
    if (!read || end > most_elements) {
      possible_ = false;
      return {};
    }
    const auto [at, is_new] = storages_.try_emplace(t.storage, static_cast<int32_t>(case_.storages.size()));
    if (is_new) case_.storages.push_back({t.dtype, 0, corpora::FillRule::values, 0, {}});
    corpora::Storage& storage = case_.storages[static_cast<size_t>(at->second)];
    if (storage.dtype != t.dtype) possible_ = false;
    const size_t size = engine::size_of(storage.dtype);
    storage.elements = std::max(storage.elements, end);
    storage.bytes.resize(static_cast<size_t>(storage.elements) * size);
    const std::byte* from = t.values.data();
    if (possible_)
      engine::for_each_position(t.sizes, t.strides, t.offset, [&](int64_t position) {
        std::memcpy(storage.bytes.data() + static_cast<size_t>(position) * size, from, size);
        from += size;
      });
    case_.inputs.push_back({at->second, t.sizes, t.strides, t.offset});
    return Value::of_input(static_cast<int32_t>(case_.inputs.size()) - 1);
  }

  corpora::Case case_;
  std::map<int32_t, int32_t> storages_;  // from those of the run to those of the case
  bool possible_ = true;
};

}  // namespace

std::optional<corpora::Case> case_of_call(const TraceEntry& call, const corpora::Operator& op) {
  return CaseOfCall().make(call, op);
}

}  // namespace oracles
