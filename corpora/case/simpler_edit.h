// The edits that simplifying is made of. Each leaves references, storages and the path in step with each
// other.
#pragma once

#include <vector>

#include "corpora/case/case.h"

namespace corpora::edit {

// Removes inputs that no call uses and storages that no input views, and renumbers the rest. Layers that
// dressed a storage that is gone go, too.
void drop_unused(Case& c);

// The input that can best stand for a result: the first tensor that went into the call, or any input, or a
// new one when the case has none.
TensorRef substitute_for(Case& c, TensorRef result);

// Removes call `k`; what used its results uses their substitute.
void drop_call(Case& c, size_t k);

// Gives the input a storage of its own, unless it has one. The new storage is dressed by no layer.
void own_storage(Case& c, size_t input);
bool shares_storage(const Case& c, size_t input);

// Cuts each storage to what its views reach, and moves their offsets accordingly.
void trim_storages(Case& c);

// A new geometry whose dimension d is dimension from[d] of the old one, and not longer. An input alone on its
// storage takes a new one along, explicit values following their elements; a shared one keeps its strides.
struct Geometry {
  engine::Dims sizes, strides;
  std::vector<size_t> from;
  bool from_end = false;  // shortened dimensions keep their last elements, not their first
};
void relayout(Case& c, size_t input, const Geometry& geometry);

// The old geometry with other sizes or fewer dimensions: contiguous, dense or with gaps as it was.
Geometry resized(const Input& input, const engine::Dims& sizes, const std::vector<size_t>& from);

// Strides without gaps in the same order of dimensions; expanded dimensions stay expanded.
engine::Dims dense_strides(const engine::Dims& sizes, const engine::Dims& like);

// All dimensions in order: the `from` of a geometry that keeps them.
std::vector<size_t> all_dimensions(const Input& input);

// Explicit values follow where they can be converted, otherwise truncate or round.
void set_dtype(Storage& storage, engine::DType dtype);
void set_rule(Storage& storage, FillRule rule);

}  // namespace corpora::edit
