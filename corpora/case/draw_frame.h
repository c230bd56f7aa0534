// The state of drawing. Draft: the case so far. Frame: one of its calls, with the symbols bound and the
// arguments drawn so far, in schema order.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/choice_source.h"
#include "corpora/case/draw.h"
#include "corpora/domains/domains.h"

namespace corpora {

struct Draft {
  const Catalog& catalog;
  const Domains& domains;
  ChoiceSource& choices;
  const DrawLimits& limits;
  int64_t size_cap = 128;  // the largest size of a dimension that no domain decides
  bool too_large =
      false;  // a tensor was larger than elements_max: the case is drawn again, with a smaller cap
  Case made{};
};

struct Frame {
  Frame(Draft& in, const engine::Schema& of);

  Draft& draft;
  const engine::Schema& schema;
  engine::DType dtype = engine::DType::f32;  // shared by the call's tensors
  bool mixed_dtypes = false;
  int64_t list_length = 0;  // shared by lists of tensors; 0: not drawn yet

  std::vector<const Spec*> size_lets, shape_lets;  // by symbol; nullptr if no `let` is about it
  std::vector<std::optional<int64_t>> sizes;
  std::vector<std::optional<engine::Dims>> shapes;
  std::vector<std::optional<bool>> present;  // [N]: by size symbol

  std::vector<Value> values;                         // of the arguments drawn so far
  std::vector<std::optional<engine::Dims>> tensors;  // by argument: the sizes of the last tensor drawn for it
  int first_tensor = -1;                             // index of the first tensor argument

  ChoiceSource& choices() { return draft.choices; }
};

}  // namespace corpora
