// Accuracy: that of an operator's definition, with what only an author's file of tolerances says.
#pragma once

#include <optional>

#include "engine/core/accuracy.h"
#include "engine/core/dtype.h"

namespace oracles {

struct Accuracy : engine::Accuracy {
  Accuracy() = default;
  Accuracy(const engine::Accuracy& declared) : engine::Accuracy(declared) {}  // NOLINT(*-explicit-*)

  // The format that results are computed in, also those whose dtype is wider; nothing: that of the results.
  std::optional<engine::DType> computed_in;
};

}  // namespace oracles
