// Path: how a run transforms its inputs and sets the thread's keys: an ordered list of layers.
// Text: "zero(0)+conj(1)+typed"; the empty path is "direct". The number of a layer is a storage of the case
// or, as in form(n), has a meaning of its own.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/layers.h"

namespace corpora {

struct Layer {
  LayerKind kind;
  int32_t storage = -1;  // the number in parentheses, also if it is not a storage; -1 if there is none

  bool operator==(const Layer&) const = default;
  const LayerRow& row() const { return row_of(kind); }
};

using Path = std::vector<Layer>;

bool has_layer(const Path& path, LayerKind kind);
bool transforms(const Path& path, int32_t storage);  // some layer names the storage
std::string to_string(const Path& path);
std::string phrase_of(const Layer& layer);
// Throws engine::InputError("path:1:COLUMN", ...) on anything but a path.
Path parse_path(std::string_view text);

}  // namespace corpora
