#include "reports/gradient_py.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "oracles/compare/element.h"
#include "oracles/gradients/tangents.h"
#include "reports/embedded.h"
#include "reports/python_facts.h"
#include "reports/python_parts.h"

namespace reports {
namespace {

using corpora::LayerKind;

// A part of slopes.py: from the line "#@ NAME" to the next one.
std::string_view part_of_slopes(std::string_view name) {
  constexpr std::string_view mark = "#@ ";
  const std::string head = fmt::format("{}{}\n", mark, name);
  std::string_view text = embedded::slopes;
  text.remove_prefix(text.find(head) + head.size());
  return text.substr(0, text.find(mark));
}

// The storages that do not move.
std::vector<size_t> held_storages(const Finding& finding) {
  std::vector<size_t> held;
  for (const corpora::Layer& layer : finding.verdict.right) {
    if (layer.kind == LayerKind::constant || layer.kind == LayerKind::unrecorded)
      held.push_back(static_cast<size_t>(layer.storage));
    if (layer.kind != LayerKind::dual) continue;
    const oracles::TangentDraw draw = oracles::TangentDraw::of(layer.storage);
    for (size_t s = 0; s < oracles::TangentDraw::most_held; ++s)
      if (draw.holds(s)) held.push_back(s);
  }
  return held;
}

std::string_view compared_derivative(const corpora::Path& path) {
  if (has_layer(path, LayerKind::dual)) return "forward";
  return has_layer(path, LayerKind::second) ? "second" : "first";
}

// Finite differences of the script have another direction than those of the finding.
double tolerance_of(const oracles::Divergence& d) {
  constexpr double tightest = 1e-6, loosest = 1e-2, margin = 16;
  const auto slope = [](const oracles::Side& side) {
    const auto* element = std::get_if<oracles::Element>(&side.shown);
    return element ? std::fabs(oracles::component_at(element->dtype, element->bytes.data(), 0)) : 0.0;
  };
  const double scale = std::max(slope(d.left), slope(d.right));
  const double relative = margin * d.bound / scale;
  return std::isfinite(relative) ? std::clamp(relative, tightest, loosest) : tightest;
}

}  // namespace

std::string no_gradient_script(const Finding& finding) {
  for (const corpora::Layer& layer : finding.verdict.right) {
    if (layer.kind == LayerKind::overwritten)
      return "only Faultline writes the tensors that a node has saved";
    if (layer.kind == LayerKind::incoming || layer.kind == LayerKind::second) continue;
    if (!layer.row().no_python.empty()) return std::string(layer.row().no_python);
  }
  return {};
}

std::string gradient_script(const Finding& finding, const ReproPlan& plan) {
  ReproPlan unrecorded = plan;
  std::erase_if(unrecorded.left_path, [](const corpora::Layer& layer) {
    return layer.kind == LayerKind::grad || layer.row().needs == LayerKind::grad;
  });
  unrecorded.right_path = unrecorded.left_path;
  const std::string settings = fmt::format(
      "\n\ntolerance = {:.1e}  # of the slopes, relative to the larger one\n"
      "held = [{}]  # storages that do not move\n"
      "every_result = {}  # else those that are differentiated, if any is\n",
      tolerance_of(finding.verdict.divergence), fmt::join(held_storages(finding), ", "),
      finding.verdict.divergence.op.starts_with("aten::") ? "True" : "False");
  return python_inputs(unrecorded) + python_facts(oracles::Kind::error, unrecorded) + settings +
         std::string(part_of_slopes("shared")) +
         std::string(part_of_slopes(compared_derivative(finding.verdict.right))) +
         std::string(part_of_slopes("end"));
}

}  // namespace reports
