// Effects: which memory a case's calls use and write, by schema and by what the direct run showed; and the
// geometry of views, as far as fallbacks care.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/image.h"
#include "oracles/outcome.h"

namespace oracles {

class Trial;

// One tensor argument of a call: which argument, inside a list or not, written or not, and the memory it
// shows.
struct TensorUse {
  int32_t call = 0;
  int32_t argument = 0;
  bool in_list = false;
  bool written = false;  // declared by the schema
  corpora::TensorRef tensor;
  int32_t storage = -1;  // of the case; -1: fresh memory of an earlier call
};

// All of them, in order. Memory of earlier results is looked up in `outcome`.
std::vector<TensorUse> tensor_uses(const corpora::Case& c,
                                   const std::vector<const corpora::Operator*>& operators,
                                   const Outcome& outcome);

bool declares_write(const engine::Argument& argument);
bool declares_alias(const engine::Argument& argument);

// By storage of the case: true when a call uses it; when a call is declared to write it, or wrote it in
// `outcome`.
std::vector<bool> used_storages(const corpora::Case& c, const std::vector<TensorUse>& uses);
std::vector<bool> written_storages(const corpora::Case& c, const std::vector<TensorUse>& uses,
                                   const Outcome& outcome);

// The n-th tensor among a call's results, lists flattened; nullptr when there are fewer.
const TensorSnapshot* tensor_result(const CallOutcome& call, int32_t n);
std::vector<const TensorSnapshot*> tensor_results(const CallOutcome& call);

// A copy of the view keeps its strides: no element twice, no gaps, in any order of dimensions.
bool is_dense(const corpora::Input& input);

// The input as a run begins: its logical values from the image.
TensorSnapshot input_snapshot(const corpora::Case& c, const corpora::Image& image, int32_t input);
// The same along a path: zeros where it makes the storage zero.
TensorSnapshot input_before(const Trial& trial, int32_t input, const corpora::Path& path);

// The text of the first operator of the case that draws from a generator, or nullptr.
const corpora::Operator* random_operator(const std::vector<const corpora::Operator*>& operators);

}  // namespace oracles
