// Effects: which memory the calls of a case use and write, according to their schemas and to the direct run.
#pragma once

#include <cstdint>
#include <vector>

#include "corpora/case/case.h"
#include "corpora/case/catalog.h"
#include "corpora/case/image.h"
#include "oracles/outcome.h"

namespace oracles {

class Trial;

// One tensor argument of a call, or one tensor of a list.
struct TensorUse {
  int32_t call = 0;
  int32_t argument = 0;
  bool in_list = false;
  bool written = false;  // as the schema declares
  corpora::TensorRef tensor;
  int32_t storage = -1;  // of the case; -1: fresh memory of an earlier call
};

// In the order of calls and arguments. `outcome` tells the memory of earlier results.
std::vector<TensorUse> tensor_uses(const corpora::Case& c,
                                   const std::vector<const corpora::Operator*>& operators,
                                   const Outcome& outcome);

// Whether a call changed the values of an input through a pointer, without bumping its version counter.
bool writes_silently(const InputChange& change);

bool declares_write(const engine::Argument& argument);

// By storage of the case: whether a call uses it; whether a call declares to write it, or wrote it in
// `outcome`.
std::vector<bool> used_storages(const corpora::Case& c, const std::vector<TensorUse>& uses);
std::vector<bool> written_storages(const corpora::Case& c, const std::vector<TensorUse>& uses,
                                   const Outcome& outcome);

// The n-th tensor of a call's results, with lists flattened; nullptr if there are fewer.
const TensorSnapshot* tensor_result(const CallOutcome& call, int32_t n);
std::vector<const TensorSnapshot*> tensor_results(const CallOutcome& call);

// Whether a copy of the view has the same strides: no overlap and no gaps, in any order of dimensions.
bool is_dense(const corpora::Input& input);

// The input at the start of a run: its logical values from the image.
TensorSnapshot input_snapshot(const corpora::Case& c, const corpora::Image& image, int32_t input);
// The same along a path, which may replace the storage by zeros.
TensorSnapshot input_before(const Trial& trial, int32_t input, const corpora::Path& path);

// Whether an operator draws from a random number generator: as declared, or in the direct run, which shows it
// of operators whose authors cannot declare it.
bool is_random(Trial& trial);

}  // namespace oracles
