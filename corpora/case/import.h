// import: makes cases from operator input logs of real programs. A log names an operator, then its calls:
//   Operator: aten.add.Tensor
//   cnt: 3, ((T([2, 3], f32), T([3], f32, stride=(2,))), {'alpha': 1})
// Each call becomes a case of one call, with its arguments in the schema's order and the schema's defaults
// for those that the log omits. Logs hold no data: floating-point tensors get the rule `normal`, integer
// tensors that may be indices get zeros. Devices become the CPU. Malformed text is an engine::InputError
// whose `where` is "NAME:LINE:COLUMN"; a call that the catalog or the case format cannot hold is skipped with
// a reason.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"

namespace corpora {

struct SkippedCall {
  size_t line = 0, column = 0;
  std::string op;
  std::string why;
  bool wrong = false;  // no such operator, or arguments that do not fit it; else a case cannot hold the call
};

struct Imported {
  std::vector<Case> cases;
  std::vector<std::string> names;  // one for each case, fit for a file name: "aten.add.Tensor-003"
  std::vector<SkippedCall> skipped;
};

Imported import_trace(std::string_view text, std::string_view name, const Catalog& catalog);

}  // namespace corpora
