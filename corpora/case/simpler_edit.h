// The edits of simpler() and mutate(). Each keeps references, storages and the path consistent.
#pragma once

#include <vector>

#include "corpora/case/case.h"

namespace corpora::edit {

// Removes inputs that no call uses, storages that no input views and the layers of those storages, and
// renumbers the rest.
void drop_unused(Case& c);

// The input that replaces a result: the first that the result depends on, or else the first input, or a new
// one if the case has none.
TensorRef substitute_for(Case& c, TensorRef result);

// Removes call `k`; its results are replaced by their substitute.
void drop_call(Case& c, size_t k);

// Gives the input its own storage, unless it has one. No layer transforms the new storage.
void own_storage(Case& c, size_t input);
bool shares_storage(const Case& c, size_t input);

// Cuts each storage to the elements that its views reach, and adapts their offsets.
void trim_storages(Case& c);

// A new geometry: its dimension d is dimension from[d] of the old one, and not longer. If no other input has
// the storage, it is laid out anew, and explicit values follow their elements; otherwise the strides stay.
struct Geometry {
  engine::Dims sizes, strides;
  std::vector<size_t> from;
  bool from_end = false;  // shortened dimensions keep their last elements
};
void relayout(Case& c, size_t input, const Geometry& geometry);

// The geometry of the input with smaller sizes or fewer dimensions, contiguous or dense if it was so.
Geometry resized(const Input& input, const engine::Dims& sizes, const std::vector<size_t>& from);

// Strides without gaps, with dimensions in the order of the strides `like`; strides of 0 stay.
engine::Dims dense_strides(const engine::Dims& sizes, const engine::Dims& like);

// All dimensions in order: the `from` of a geometry that keeps them.
std::vector<size_t> all_dimensions(const Input& input);

// Explicit values are converted.
void set_dtype(Storage& storage, engine::DType dtype);
void set_rule(Storage& storage, FillRule rule);

}  // namespace corpora::edit
