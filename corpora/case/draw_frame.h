// What drawing one case and one call knows so far. Draft: the case in the making. Frame: one of its calls,
// with the symbols bound and the arguments drawn, in schema order.
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
  int64_t size_cap = 128;  // of a dimension that nothing else decides
  bool too_large = false;  // a tensor past elements_max was asked for: draw again, smaller
  Case made{};
};

struct Frame {
  Frame(Draft& in, const engine::Schema& of);

  Draft& draft;
  const engine::Schema& schema;
  engine::DType dtype = engine::DType::f32;  // shared by the call's tensors
  bool mixed_dtypes = false;
  int64_t list_length = 0;  // shared by lists of tensors; 0: not drawn yet

  std::vector<const Spec*> size_lets, shape_lets;  // by symbol; nullptr: free
  std::vector<std::optional<int64_t>> sizes;
  std::vector<std::optional<engine::Dims>> shapes;
  std::vector<std::optional<bool>> present;  // [N]: by size symbol

  std::vector<Value> values;                         // of the arguments drawn so far
  std::vector<std::optional<engine::Dims>> tensors;  // sizes of those that are tensors, by argument
  int first_tensor = -1;                             // the first argument that is one

  ChoiceSource& choices() { return draft.choices; }
};

}  // namespace corpora
