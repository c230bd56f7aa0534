#include "corpora/case/path.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "engine/core/input_error.h"

namespace corpora {

namespace {

struct LayerName {
  LayerKind kind;
  std::string_view name;
  bool has_number;
  bool names_a_storage;
};

constexpr std::array<LayerName, 17> layer_names{{
    {LayerKind::zeros, "zeros", true, true},
    {LayerKind::zero, "zero", true, true},
    {LayerKind::conj, "conj", true, true},
    {LayerKind::neg, "neg", true, true},
    {LayerKind::meta, "meta", false, false},
    {LayerKind::contiguous, "contiguous", false, false},
    {LayerKind::typed, "typed", false, false},
    {LayerKind::pattern, "pattern", false, false},
    {LayerKind::form, "form", true, false},
    {LayerKind::host_cuda, "host_cuda", true, false},
    {LayerKind::python, "python", false, false},
    {LayerKind::wrapped, "wrapped", true, true},
    {LayerKind::peer, "peer", false, false},
    {LayerKind::grad, "grad", false, false},
    {LayerKind::constant, "constant", true, true},
    {LayerKind::leaf, "leaf", true, true},
    {LayerKind::unrecorded, "unrecorded", true, true},
}};

const LayerName& row_of(LayerKind kind) { return layer_names[static_cast<size_t>(kind)]; }

[[noreturn]] void refuse(size_t at, const std::string& message) {
  throw engine::InputError(fmt::format("path:1:{}", at + 1), message);
}

const LayerName& layer_named(std::string_view name, size_t at) {
  for (const LayerName& row : layer_names)
    if (row.name == name) return row;
  std::string names = "direct";
  for (const LayerName& row : layer_names) names += fmt::format(", {}", row.name);
  refuse(at, fmt::format("expected a layer, one of {}", names));
}

// The number of "(N)" at `at`; moves `at` past it.
int32_t parse_number(std::string_view text, size_t& at) {
  if (at == text.size() || text[at] != '(') refuse(at, "expected '(' and a number");
  ++at;
  int32_t number = 0;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), number);
  if (error != std::errc() || number < 0) refuse(at, "expected a number from 0 to 2147483647");
  at = static_cast<size_t>(end - text.data());
  if (at == text.size() || text[at] != ')') refuse(at, "expected ')'");
  ++at;
  return number;
}

}  // namespace

bool names_a_storage(LayerKind kind) { return row_of(kind).names_a_storage; }

bool has_number(LayerKind kind) { return row_of(kind).has_number; }

std::string_view name_of(LayerKind kind) { return row_of(kind).name; }

std::string to_string(const Path& path) {
  if (path.empty()) return "direct";
  std::string text;
  for (const Layer& layer : path) {
    if (!text.empty()) text += '+';
    text += name_of(layer.kind);
    if (has_number(layer.kind)) text += fmt::format("({})", layer.storage);
  }
  return text;
}

Path parse_path(std::string_view text) {
  Path path;
  if (text == "direct") return path;
  size_t at = 0;
  for (;;) {
    size_t end = at;
    while (end < text.size() && ((text[end] >= 'a' && text[end] <= 'z') || text[end] == '_')) ++end;
    const LayerName& row = layer_named(text.substr(at, end - at), at);
    at = end;
    path.push_back({row.kind, row.has_number ? parse_number(text, at) : -1});
    if (at == text.size()) return path;
    if (text[at] != '+') refuse(at, "expected '+' and another layer, or the end");
    ++at;
  }
}

}  // namespace corpora
