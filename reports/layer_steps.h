// The steps of a reproducer that transform its inputs, from the table of layers. Only for layers of the
// plan's paths.
#pragma once

#include <string>
#include <string_view>

#include "corpora/case/layers.h"
#include "reports/repro_plan.h"

namespace reports {

bool uses_layer(const ReproPlan& plan, corpora::LayerKind kind);

// For each layer with that step: `head` with the layer's name in place of {}, the step's lines indented by
// `by`, and `tail`.
std::string layer_steps(const ReproPlan& plan, std::string_view corpora::LayerRow::* step,
                        std::string_view head, size_t by, std::string_view tail = "");

}  // namespace reports
