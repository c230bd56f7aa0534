#include "corpora/case/joined.h"

#include <utility>

namespace corpora {
namespace {

Value shifted(Value value, int32_t inputs, int32_t calls) {
  for_each_tensor(value, [&](TensorRef& ref) {
    if (ref.is_input())
      ref.index += inputs;
    else
      ref.call += calls;
  });
  return value;
}

}  // namespace

Case joined(const std::vector<Case>& cases) {
  Case all;
  for (const Case& c : cases) {
    const auto storages = static_cast<int32_t>(all.storages.size());
    const auto inputs = static_cast<int32_t>(all.inputs.size());
    const auto calls = static_cast<int32_t>(all.calls.size());
    all.header = c.header;
    for (Layer& layer : all.header.path)
      if (layer.row().names_a_storage()) layer.storage += storages;
    all.storages.insert(all.storages.end(), c.storages.begin(), c.storages.end());
    for (Input input : c.inputs) {
      input.storage += storages;
      all.inputs.push_back(std::move(input));
    }
    for (Call call : c.calls) {
      for (Value& value : call.arguments) value = shifted(std::move(value), inputs, calls);
      all.calls.push_back(std::move(call));
    }
  }
  return all;
}

}  // namespace corpora
