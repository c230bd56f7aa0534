// Planted bugs: every deliberate bug: of torch's planted library (planted/torch), of the engine's kernels and
// fallbacks (planted/engine) and of its dispatcher (planted/dispatch). For `run --plant NAME` and `list
// planted`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/catalog.h"

namespace oracles {

struct Planted {
  std::string_view name;  // "zero_strides"
  std::string_view oracle;
  std::string_view subject;
  std::string op;              // "planted::zero_strides"; of the engine, a glob of operators
  std::string_view mistake;    // one sentence
  bool in_python = false;      // its oracle needs the Python package, which has a test for it
  std::string device = "cpu";  // of the run that shows it
};
std::span<const Planted> all_planted();
const Planted& planted_named(std::string_view name);  // throws engine::InputError("--plant", ...)
// The operators of the catalog that show the bug: a planted operator with its other forms, or those that the
// engine's glob matches.
std::vector<size_t> operators_of(const Planted& planted, const corpora::Catalog& catalog);

}  // namespace oracles
