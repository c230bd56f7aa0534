#include "reports/layer_steps.h"

#include <fmt/format.h>

namespace reports {

namespace {

std::string indented(std::string_view lines, size_t by) {
  std::string text;
  for (size_t at = 0; at < lines.size();) {
    const size_t end = lines.find('\n', at) + 1;
    text += std::string(by, ' ') + std::string(lines.substr(at, end - at));
    at = end;
  }
  return text;
}

}  // namespace

bool uses_layer(const ReproPlan& plan, corpora::LayerKind kind) {
  return has_layer(plan.left_path, kind) || has_layer(plan.right_path, kind);
}

std::string layer_steps(const ReproPlan& plan, std::string_view corpora::LayerRow::* step,
                        std::string_view head, size_t by, std::string_view tail) {
  std::string steps;
  for (const corpora::LayerRow& row : corpora::all_layers())
    if (!(row.*step).empty() && uses_layer(plan, row.kind))
      steps += fmt::format(fmt::runtime(head), row.name) + indented(row.*step, by) + std::string(tail);
  return steps;
}

}  // namespace reports
