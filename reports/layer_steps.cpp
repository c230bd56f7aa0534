#include "reports/layer_steps.h"

#include <fmt/format.h>

#include "reports/files.h"

namespace reports {
namespace {

std::string indented(std::string_view lines, size_t by) {
  std::string text;
  for (const std::string& line : lines_of(lines)) text += std::string(by, ' ') + line + "\n";
  return text;
}

// Only Python has steps for layers with a number that is not a storage.
constexpr std::string_view number_head =
    "    for number in [n for name, n in side.layers if name == \"{}\"]:\n";

}  // namespace

bool uses_layer(const ReproPlan& plan, corpora::LayerKind kind) {
  return has_layer(plan.left_path, kind) || has_layer(plan.right_path, kind);
}

std::string layer_steps(const ReproPlan& plan, std::string_view corpora::LayerRow::* step,
                        std::string_view head, size_t by, std::string_view tail) {
  std::string steps;
  for (const corpora::LayerRow& row : corpora::all_layers())
    if (!(row.*step).empty() && uses_layer(plan, row.kind))
      steps +=
          fmt::format(fmt::runtime(row.takes == corpora::LayerTakes::number ? number_head : head), row.name) +
          indented(row.*step, by) + std::string(tail);
  return steps;
}

}  // namespace reports
