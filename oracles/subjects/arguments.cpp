#include "oracles/subjects/arguments.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace oracles {

using corpora::ValueKind;

bool holds_tensors(const corpora::Call& call) {
  bool found = false;
  for (const corpora::Value& value : call.arguments)
    corpora::for_each_tensor(value, [&](const corpora::TensorRef&) { found = true; });
  return found;
}

bool is_default_device(const corpora::Value& value, const engine::Type& type) {
  if (type.kind == engine::TypeKind::optional) return is_default_device(value, type.element());
  return value.kind == ValueKind::none && type.kind == engine::TypeKind::device;
}

int64_t number_of_word(ValueKind kind, const std::string& word) {
  using Words = std::vector<std::string_view>;
  static const Words formats{"contiguous", "preserve", "channels_last", "channels_last_3d"};
  static const Words layouts{"strided",    "sparse_coo", "sparse_csr", "mkldnn",
                             "sparse_csc", "sparse_bsr", "sparse_bsc"};
  if (kind == ValueKind::layout && word == "sparse") return 1;
  const Words& words = kind == ValueKind::layout ? layouts : formats;
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) throw Misfit{"there is no '" + word + "'"};
  return found - words.begin();
}

}  // namespace oracles
