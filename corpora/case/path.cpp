#include "corpora/case/path.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "corpora/case/text_cursor.h"
#include "engine/core/input_error.h"

namespace corpora {

namespace {

[[noreturn]] void fail(size_t at, const std::string& message) {
  throw engine::InputError(fmt::format("path:1:{}", at + 1), message);
}

const LayerRow& layer_named(std::string_view name, size_t at) {
  for (const LayerRow& row : all_layers())
    if (row.name == name) return row;
  std::string names = "direct";
  for (const LayerRow& row : all_layers()) names += fmt::format(", {}", row.name);
  fail(at, fmt::format("expected a layer, one of {}", names));
}

// The number of "(N)" at `at`; moves `at` past it.
int32_t parse_number(std::string_view text, size_t& at) {
  if (at == text.size() || text[at] != '(') fail(at, "expected '(' and a number");
  ++at;
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
  if (error != std::errc() || number < 0) fail(at, "expected a number from 0 to 2147483647");
  at = static_cast<size_t>(end - text.data());
  if (at == text.size() || text[at] != ')') fail(at, "expected ')'");
  ++at;
  return number;
}

}  // namespace

bool has_layer(const Path& path, LayerKind kind) {
  return std::ranges::any_of(path, [&](const Layer& layer) { return layer.kind == kind; });
}

bool transforms(const Path& path, int32_t storage) {
  return std::ranges::any_of(
      path, [&](const Layer& layer) { return layer.row().names_a_storage() && layer.storage == storage; });
}

std::string to_string(const Path& path) {
  if (path.empty()) return "direct";
  std::string text;
  for (const Layer& layer : path) {
    if (!text.empty()) text += '+';
    text += layer.row().name;
    if (layer.row().has_number()) text += fmt::format("({})", layer.storage);
  }
  return text;
}

std::string phrase_of(const Layer& layer) {
  return fmt::format(fmt::runtime(layer.row().phrase), layer.storage);
}

Path parse_path(std::string_view text) {
  Path path;
  if (text == "direct") return path;
  size_t at = 0;
  for (;;) {
    size_t end = at;
    while (end < text.size() && (is_lower(text[end]) || text[end] == '_')) ++end;
    const LayerRow& row = layer_named(text.substr(at, end - at), at);
    at = end;
    path.push_back({row.kind, row.has_number() ? parse_number(text, at) : -1});
    if (at == text.size()) return path;
    if (text[at] != '+') fail(at, "expected '+' and another layer, or the end");
    ++at;
  }
}

}  // namespace corpora
