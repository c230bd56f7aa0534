// Cases of one drawn call of an operator of the engine, and the properties of such calls.
#pragma once

#include <vector>

#include "oracles/trial/effects.h"
#include "properties/over_fallback.h"

namespace properties {

using corpora::LayerKind;
using corpora::Operator;
using corpora::Path;

// --- kinds of operators

// It takes tensors, writes none, and returns no view.
bool is_functional(const Operator& op);
bool writes_values(const Operator& op);
bool is_view(const Operator& op);
bool is_view_in_place(const Operator& op);

// A case of one call of an operator that `wants` accepts.
Case draw_call(EngineWorld& world, bool (*wants)(const Operator&), ChoiceSource& choices);
template <bool (*wants)(const Operator&)>
Case draw_call_of(EngineWorld& world, ChoiceSource& choices) {
  return draw_call(world, wants, choices);
}

// --- a case's storages

// The storages of arguments that the call writes, or of those that it only reads.
std::vector<int32_t> storages_of(const EngineWorld& world, const Case& c, bool written);
// One of them, or -1 if there is none.
int32_t any_storage(const EngineWorld& world, const Case& c, bool written, ChoiceSource& choices);
engine::DType dtype_of(const Case& c, int32_t storage);
std::vector<oracles::TensorUse> uses_of(const EngineWorld& world, const Case& c);

// The law that every tensor result is a view of `storage` for which `has` is true.
Tried views_show(EngineWorld& world, const Case& c, const Path& path, int32_t storage,
                 bool (*has)(const oracles::TensorSnapshot&));

}  // namespace properties
