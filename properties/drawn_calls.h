// One drawn call of an operator of the engine, and what its declaration says of the call's arguments.
#pragma once

#include <vector>

#include "engine/ops/register_operators.h"
#include "oracles/trial/effects.h"
#include "properties/engine_world.h"

namespace properties {

// --- sorts of operators

// It takes tensors, and neither writes nor returns a view of one.
bool is_functional(const corpora::Operator& op);
bool writes_values(const corpora::Operator& op);
bool is_view(const corpora::Operator& op);
bool is_view_in_place(const corpora::Operator& op);

// A case of one call of an operator that `wants` accepts.
Case draw_call(EngineWorld& world, bool (*wants)(const corpora::Operator&), ChoiceSource& choices);
template <bool (*wants)(const corpora::Operator&)>
Case draw_call_of(EngineWorld& world, ChoiceSource& choices) {
  return draw_call(world, wants, choices);
}

// --- a case's storages

// Those of arguments that the call writes, or of arguments that it does not.
std::vector<int32_t> storages_of(const EngineWorld& world, const Case& c, bool written);
// One of them, or -1 when there is none.
int32_t any_storage(const EngineWorld& world, const Case& c, bool written, ChoiceSource& choices);
engine::DType dtype_of(const Case& c, int32_t storage);
std::vector<oracles::TensorUse> uses_of(const EngineWorld& world, const Case& c);

// --- laws that several files need

// Every tensor result of the call is a view of `storage`, and `has` its property.
Tried views_show(EngineWorld& world, const Case& c, const corpora::Path& path, int32_t storage,
                 bool (*has)(const oracles::TensorSnapshot&));

}  // namespace properties
